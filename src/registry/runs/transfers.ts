import { z } from 'zod';
import { operationKey } from '../../domain/ids.js';
import type { Transfer } from '../../domain/transfer/transfer.js';
import { isoTime, nothing, storedObject, wholeNumber } from '../database/database.js';
import type { Page, Queries } from '../database/database.js';

const stored = z.object({ id: wholeNumber, transfer: storedObject<Transfer>(), at: isoTime });

/** A transfer as the ledger has it. */
export interface RecordedTransfer extends Transfer {
  readonly id: number;
  /** ISO 8601. */
  readonly at: string;
}

/** What was handed on between models, or refused; append-only, at most one for each training. */
export const createTransfers = (queries: Queries) => ({
  /** Records what became of a transfer; a repeat for the same training changes nothing. Returns what is recorded. */
  async record(transfer: Transfer): Promise<RecordedTransfer> {
    const { run, instrument, from, to, verdict } = transfer;
    const key = operationKey(run, 'transfer');
    await queries.query(
      nothing,
      `insert into transfer (operation_key, run, instrument, from_bucket, from_version, to_bucket, used, transfer)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (operation_key) do nothing`,
      [key, run, instrument, from.bucket, from.version, to, verdict.used, JSON.stringify(transfer)],
    );
    const [kept] = await queries.query(stored, 'select id, transfer, at from transfer where operation_key = $1', [key]);
    if (kept === undefined) throw new Error(`the transfer of ${run} vanished while it was recorded`);
    return recorded(kept);
  },

  /** What was handed on to a training; null when nothing was. */
  async ofRun(run: string): Promise<RecordedTransfer | null> {
    const [found] = await queries.query(stored, 'select id, transfer, at from transfer where run = $1', [run]);
    return found === undefined ? null : recorded(found);
  },

  /** Newest first, by id. */
  async list({ instrument = null, limit = 50, before = null }: Page & { readonly instrument?: string | null } = {}): Promise<
    RecordedTransfer[]
  > {
    const found = await queries.query(
      stored,
      `select id, transfer, at from transfer
       where ($1::text is null or instrument = $1) and ($2::bigint is null or id < $2) order by id desc limit $3`,
      [instrument, before, limit],
    );
    return found.map(recorded);
  },
});

const recorded = ({ id, transfer, at }: z.output<typeof stored>): RecordedTransfer => ({ ...transfer, id, at });
