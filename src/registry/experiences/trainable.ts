import { z } from 'zod';
import { isoTime, type Database } from '../database/database.js';

const privateState = z.instanceof(Uint8Array).transform((bytes): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer));

const trainable = z.object({
  decisionTime: isoTime,
  /** The last four numbers of the state vectors. */
  privateState,
  nextPrivateState: privateState,
  priceBin: z.number(),
  quantityBin: z.number(),
  reward: z.number(),
  done: z.boolean(),
  /** Of the trade that the decision opened; null where it opened none. */
  pnl: z.number().nullable(),
  explained: z.boolean(),
});

/** An experience as a training replays it. */
export type TrainableExperience = z.output<typeof trainable>;

/** What trainings take out of the experiences. */
export const trainableExperiences = (database: Database) => ({
  /** The newest experiences by bins of these schemas that were decided before a time (ISO 8601), oldest first. */
  async trainable(
    instrument: string,
    schemas: readonly string[],
    { before, limit }: { readonly before: string; readonly limit: number },
  ): Promise<TrainableExperience[]> {
    const newestFirst = await database.query(
      trainable,
      `select decision_time, substring(state from length(state) - 15) as private_state, substring(next_state from length(next_state) - 15) as next_private_state,
         price_bin, quantity_bin, reward, done, pnl, insight is not null as explained
       from experience where instrument = $1 and decision_time < $3 and price_bin is not null and quantity_bin is not null
         and schema_hash in (select jsonb_array_elements_text($2::jsonb))
       order by decision_time desc, id desc limit $4`,
      [instrument, JSON.stringify(schemas), before, limit],
    );
    return newestFirst.reverse();
  },
});
