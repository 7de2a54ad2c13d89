import { z } from 'zod';
import type { Queries } from './database/database.js';

const report = z.object({ numbers: z.string(), page: z.string().nullable() });

/** Artifact ids of a validation's report: its numbers as JSON, and the page that shows them, null where an earlier version of Ratchet made none. */
export type StoredValidation = z.output<typeof report>;

/** What validations found, as the event of their conclusion tells it. */
export const createValidations = (queries: Queries) => ({
  /** The report of a validation by its id, the newest where there are several; null while it is not concluded. */
  async reportOf(id: string): Promise<StoredValidation | null> {
    const [found] = await queries.query(
      report,
      `select payload ->> 'report' as numbers, payload ->> 'page' as page from event
       where kind = 'validated' and payload ->> 'validation' = $1 order by id desc limit 1`,
      [id],
    );
    return found ?? null;
  },
});
