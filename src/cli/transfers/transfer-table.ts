import Table from 'cli-table3';
import { z } from 'zod';
import { transferKinds } from '../../domain/transfer/plan.js';
import { transferCells, transferHeads } from '../../domain/transfer/table.js';
import { transferOccasions } from '../../domain/transfer/transfer.js';

const interval = z.object({ estimate: z.number(), lower: z.number(), upper: z.number() });

/** A transfer as the API tells of it. */
export const listedTransfer = z.object({
  from: z.object({ bucket: z.string(), version: z.string() }),
  to: z.string(),
  occasion: z.enum(transferOccasions),
  kinds: z.array(z.enum(transferKinds)),
  fallback: z.string().nullable(),
  sizes: z.partialRecord(z.enum(transferKinds), z.number()),
  effect: z.discriminatedUnion('measured', [
    z.object({ measured: z.literal(true), seeds: z.number(), treated: interval, control: interval, gain: interval }),
    z.object({ measured: z.literal(false), reason: z.string() }),
  ]),
  verdict: z.object({ used: z.boolean(), reason: z.string() }),
});
export type ListedTransfer = z.infer<typeof listedTransfer>;

/** A table of what was handed on and what it did: net returns on the sessions held back, with and without it. */
export const transferTable = (transfers: readonly ListedTransfer[]): string => {
  return plainTable(transferHeads, transfers.map(transferCells));
};

/** A table of texts. */
export const plainTable = (heads: readonly string[], rows: readonly (readonly string[])[]): string => {
  const table = new Table({ head: [...heads], style: { head: [], border: [], compact: true } });
  for (const cells of rows) table.push([...cells]);
  return table.toString();
};
