import { z } from 'zod';
import type { Dataset } from '../domain/market/dataset.js';
import { isoTime, nothing, wholeNumber } from './database/database.js';
import type { Queries } from './database/database.js';
import { RecordConflict } from './errors.js';

const dataset = z
  .object({
    id: z.string(),
    instrument: z.string(),
    frequencyMs: wholeNumber,
    artifact: z.string(),
    bars: z.number(),
    sessions: z.number(),
    firstClose: isoTime,
    lastClose: isoTime,
    quality: z.number(),
    simulated: z.boolean(),
  })
  .transform(({ firstClose, lastClose, ...rest }): Dataset => ({ ...rest, from: firstClose, to: lastClose }));

/** Frozen datasets, by the hash of their bars. */
export const createDatasets = (queries: Queries) => {
  const get = async (id: string): Promise<Dataset | null> => {
    const [found] = await queries.query(dataset, 'select * from dataset where id = $1', [id]);
    return found ?? null;
  };
  return {
    get,

    /** Stores a dataset and returns what is stored under its id; a repeat changes nothing. Throws `RecordConflict` for another instrument's. */
    async save(frozen: Dataset): Promise<Dataset> {
      await queries.query(
        nothing,
        `insert into dataset (id, instrument, frequency_ms, artifact, bars, sessions, first_close, last_close, quality, simulated)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing`,
        [
          frozen.id,
          frozen.instrument,
          frozen.frequencyMs,
          frozen.artifact,
          frozen.bars,
          frozen.sessions,
          frozen.from,
          frozen.to,
          frozen.quality,
          frozen.simulated,
        ],
      );
      const stored = await get(frozen.id);
      if (stored?.instrument !== frozen.instrument)
        throw new RecordConflict('dataset', frozen.id, `it belongs to ${stored?.instrument ?? 'nobody'}, not ${frozen.instrument}`);
      return stored;
    },
  };
};
