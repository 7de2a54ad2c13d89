import { nothing, type Queries } from '../database/database.js';

/** Waits until no other transaction changes what is live in a place, or which of its models are kept; to the end of the caller's. */
export const takeTurn = async (queries: Queries, instrument: string, bucket: string): Promise<void> => {
  await queries.query(nothing, `select pg_advisory_xact_lock(hashtextextended('production:' || $1 || '/' || $2, 0))`, [instrument, bucket]);
};
