import { z } from 'zod';
import { isoTime, nothing, wholeNumber } from '../database/database.js';
import type { Queries } from '../database/database.js';
import { NotRegistered, OperationKeyReused, ProductionConflict } from '../errors.js';
import { appendEvent } from '../events.js';
import { requireEpoch } from '../runs/runs.js';
import type { Fence } from '../runs/runs.js';
import { takeTurn } from './take-turn.js';

const productionEvent = z.object({
  id: wholeNumber,
  operationKey: z.string(),
  kind: z.enum(['promote', 'baseline', 'rollback', 'expire']),
  instrument: z.string(),
  bucket: z.string(),
  /** Names of the version that became live and of the one that it replaced; the same for one that expired, which stays live and acts flat. */
  version: z.string(),
  previous: z.string().nullable(),
  role: z.enum(['production', 'baseline']),
  /** Id of the gate's decision that it rests on. */
  decision: wholeNumber.nullable(),
  run: z.string().nullable(),
  epoch: z.number().nullable(),
  actor: z.string(),
  reason: z.string(),
  at: isoTime,
});

/** One change of what is live. */
export type ProductionEvent = z.output<typeof productionEvent>;

/** Who asks for a change and under which assumptions it holds. */
export interface ChangeOrder {
  /** Names this change for ever: the same key again gives the same answer. */
  readonly operationKey: string;
  readonly instrument: string;
  readonly bucket: string;
  /** The version believed to be live, null for none: the change is refused when another is. */
  readonly expectedPrevious: string | null;
  readonly actor: string;
  readonly reason: string;
  /** Refuses an attempt of a run that has been replaced. */
  readonly fence?: Fence;
}

/** What an order makes live. */
export type Target = Pick<ProductionEvent, 'kind' | 'version' | 'role' | 'decision'>;

export interface ChangeResult {
  readonly event: ProductionEvent;
  /** True when the operation key was known and nothing was done. */
  readonly repeated: boolean;
}

/** The channel on which listeners hear that production changed; the payload is the JSON of instrument and bucket. */
export const PRODUCTION_CHANNEL = 'production_changed';

/** Carries out an order within the caller's transaction: waits its turn, answers repeats, checks fence and assumption, then writes. */
export const changeProduction = async (
  queries: Queries,
  order: ChangeOrder & { readonly version?: string },
  findTarget: (queries: Queries) => Target | Promise<Target>,
): Promise<ChangeResult> => {
  await takeTurn(queries, order.instrument, order.bucket);
  const [known] = await queries.query(productionEvent, 'select * from production_event where operation_key = $1', [order.operationKey]);
  if (known !== undefined) return { event: requireSame(known, order), repeated: true };
  if (order.fence !== undefined) await requireEpoch(queries, order.fence);
  const present = await requirePrevious(queries, order);
  const target = await findTarget(queries);
  await requireVersion(queries, order, target.version);
  if (target.kind === 'baseline' && present?.role === 'production')
    throw new ProductionConflict(place(order), 'nothing proven', present.version);
  const event = await write(queries, order, target);
  await announce(queries, event);
  return { event, repeated: false };
};

const place = (order: ChangeOrder): string => `${order.instrument}/${order.bucket}`;

const requireSame = (known: ProductionEvent, order: ChangeOrder & { readonly version?: string }): ProductionEvent => {
  const isSame =
    known.instrument === order.instrument &&
    known.bucket === order.bucket &&
    (order.version === undefined || known.version === order.version);
  if (isSame) return known;
  const stored = `${known.kind} of ${known.version} in ${known.instrument}/${known.bucket}`;
  throw new OperationKeyReused(order.operationKey, stored, `${order.version ?? 'a change'} in ${place(order)}`);
};

const present = z.object({ version: z.string(), role: z.enum(['production', 'baseline']) });

const requirePrevious = async (queries: Queries, order: ChangeOrder): Promise<z.output<typeof present> | null> => {
  const [live] = await queries.query(
    present,
    'select version, role from production where instrument = $1 and bucket = $2 and live_until is null for update',
    [order.instrument, order.bucket],
  );
  const found = live?.version ?? null;
  if (found !== order.expectedPrevious) throw new ProductionConflict(place(order), order.expectedPrevious, found);
  return live ?? null;
};

const requireVersion = async (queries: Queries, order: ChangeOrder, name: string): Promise<void> => {
  const known = await queries.query(nothing, 'select 1 from version where instrument = $1 and bucket = $2 and name = $3', [
    order.instrument,
    order.bucket,
    name,
  ]);
  if (known.length === 0) throw new NotRegistered('version', name, `register it for ${place(order)} before it is put live`);
  const gone = await queries.query(nothing, 'select 1 from version_removal where instrument = $1 and bucket = $2 and version = $3', [
    order.instrument,
    order.bucket,
    name,
  ]);
  if (gone.length > 0) throw new NotRegistered('model of version', name, 'it was deleted (`retention`): train again');
};

// The old row ends before the new one begins: a unique index is checked row by row. No two changes of a place share a millisecond.
const write = async (queries: Queries, order: ChangeOrder, target: Target): Promise<ProductionEvent> => {
  const [event] = await queries.query(
    productionEvent,
    `insert into production_event (operation_key, kind, instrument, bucket, version, previous, role, decision, run, epoch, actor, reason, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, greatest(
       date_trunc('milliseconds', clock_timestamp()),
       (select max(at) + interval '1 millisecond' from production_event where instrument = $3 and bucket = $4)))
     returning *`,
    [
      order.operationKey,
      target.kind,
      order.instrument,
      order.bucket,
      target.version,
      order.expectedPrevious,
      target.role,
      target.decision,
      order.fence?.runId ?? null,
      order.fence?.epoch ?? null,
      order.actor,
      order.reason,
    ],
  );
  if (event === undefined) throw new Error('an insert that returns gives one row');
  if (target.kind === 'expire') {
    await queries.query(
      nothing,
      'update production set expired_at = coalesce(expired_at, $3) where instrument = $1 and bucket = $2 and live_until is null',
      [order.instrument, order.bucket, event.at],
    );
    return event;
  }
  await queries.query(nothing, 'update production set live_until = $3 where instrument = $1 and bucket = $2 and live_until is null', [
    order.instrument,
    order.bucket,
    event.at,
  ]);
  await queries.query(
    nothing,
    'insert into production (event, instrument, bucket, version, role, live_since) values ($1, $2, $3, $4, $5, $6)',
    [event.id, order.instrument, order.bucket, target.version, target.role, event.at],
  );
  return event;
};

const KINDS = {
  promote: 'versionPromoted',
  baseline: 'baselineInstalled',
  rollback: 'versionRolledBack',
  expire: 'versionExpired',
} as const;

const announce = async (queries: Queries, event: ProductionEvent): Promise<void> => {
  const { kind, instrument, bucket, version, previous, actor, reason } = event;
  await queries.query(nothing, 'select pg_notify($1, $2)', [PRODUCTION_CHANNEL, JSON.stringify({ instrument, bucket })]);
  await appendEvent(queries, { kind: KINDS[kind], instrument, actor, payload: { bucket, version, previous, reason } });
};

/** A place's changes, oldest first. */
export const productionHistory = (queries: Queries, instrument: string, bucket: string): Promise<ProductionEvent[]> =>
  queries.query(productionEvent, 'select * from production_event where instrument = $1 and bucket = $2 order by id', [instrument, bucket]);
