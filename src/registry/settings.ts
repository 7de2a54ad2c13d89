import { z } from 'zod';
import { isoTime, nothing } from './database/database.js';
import type { Database } from './database/database.js';
import { appendEvent } from './events.js';

const setting = z.object({ name: z.string(), value: z.json(), setBy: z.string(), setAt: isoTime });

/** A switch that was changed at run time, with who and when. */
export type Setting = z.output<typeof setting>;

/** Settings that outlive the process; each change is also an event. */
export const createSettings = (database: Database) => ({
  set: (name: string, value: Setting['value'], by: string): Promise<void> =>
    database.transaction(async (queries) => {
      await queries.query(
        nothing,
        `insert into setting (name, value, set_by) values ($1, $2, $3)
         on conflict (name) do update set value = excluded.value, set_by = excluded.set_by, set_at = clock_timestamp()`,
        [name, JSON.stringify(value), by],
      );
      await appendEvent(queries, { kind: 'settingChanged', instrument: null, actor: by, payload: { name, value } });
    }),

  async get(name: string): Promise<Setting | null> {
    const [found] = await database.query(setting, 'select * from setting where name = $1', [name]);
    return found ?? null;
  },

  all: (): Promise<Setting[]> => database.query(setting, 'select * from setting order by name'),
});
