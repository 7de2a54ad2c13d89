import { z } from 'zod';
import type { GateDecision, GateEvidence } from '../domain/gate/types.js';
import { isoTime, nothing, storedObject, wholeNumber } from './database/database.js';
import type { Page, Queries } from './database/database.js';
import { OperationKeyReused } from './errors.js';

const decision = z.object({
  id: wholeNumber,
  operationKey: z.string(),
  instrument: z.string(),
  bucket: z.string(),
  /** Name of the version that was judged; null when it was not registered. */
  version: z.string().nullable(),
  run: z.string().nullable(),
  verdict: z.enum(['PROMOTE', 'HOLD', 'REJECT']),
  decision: storedObject<GateDecision>(),
  evidence: storedObject<GateEvidence>(),
  /** Artifact ids of the evidence pack's JSON and page; null for decisions of earlier versions of Ratchet. */
  evidencePack: z.string().nullable(),
  evidencePage: z.string().nullable(),
  decidedAt: isoTime,
});

/** A judgement of the gate with every number that it rests on. */
export type RecordedDecision = z.output<typeof decision>;
type Published = Pick<RecordedDecision, 'evidencePack' | 'evidencePage'>;
export type NewDecision = Omit<RecordedDecision, 'id' | 'verdict' | 'decidedAt' | keyof Published> & Partial<Published>;

/** The gate's judgements; append-only. */
export const createDecisions = (queries: Queries) => ({
  /** Records a judgement; the same operation key again returns the first one. Throws `OperationKeyReused` for another version or verdict. */
  async record(made: NewDecision): Promise<RecordedDecision> {
    await queries.query(
      nothing,
      `insert into decision (operation_key, instrument, bucket, version, run, verdict, decision, evidence, evidence_pack, evidence_page)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (operation_key) do nothing`,
      [
        made.operationKey,
        made.instrument,
        made.bucket,
        made.version,
        made.run,
        made.decision.verdict,
        JSON.stringify(made.decision),
        JSON.stringify(made.evidence),
        made.evidencePack ?? null,
        made.evidencePage ?? null,
      ],
    );
    const [kept] = await queries.query(decision, 'select * from decision where operation_key = $1', [made.operationKey]);
    if (kept?.version !== made.version || kept.verdict !== made.decision.verdict)
      throw new OperationKeyReused(
        made.operationKey,
        `${kept?.verdict ?? '?'} of ${kept?.version ?? 'nothing'}`,
        `${made.decision.verdict} of ${made.version ?? 'nothing'}`,
      );
    return kept;
  },

  async get(id: number): Promise<RecordedDecision | null> {
    const [found] = await queries.query(decision, 'select * from decision where id = $1', [id]);
    return found ?? null;
  },

  /** The first judgement of a version, which is the one at the end of its training; null when it was never judged. */
  async firstOf(instrument: string, bucket: string, version: string): Promise<RecordedDecision | null> {
    const [found] = await queries.query(
      decision,
      'select * from decision where instrument = $1 and bucket = $2 and version = $3 order by id limit 1',
      [instrument, bucket, version],
    );
    return found ?? null;
  },

  /** Newest first, by id. */
  list: ({
    instrument = null,
    bucket = null,
    limit = 50,
    before = null,
  }: Page & { readonly instrument?: string | null; readonly bucket?: string | null } = {}): Promise<RecordedDecision[]> =>
    queries.query(
      decision,
      `select * from decision where ($1::text is null or instrument = $1) and ($2::text is null or bucket = $2)
       and ($3::bigint is null or id < $3) order by id desc limit $4`,
      [instrument, bucket, before, limit],
    ),
});
