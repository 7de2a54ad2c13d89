import { z } from 'zod';
import type { LiveModel } from '../../domain/model/production.js';
import { changeProduction, productionHistory } from './change-production.js';
import type { ChangeOrder, ChangeResult, ProductionEvent, Target } from './change-production.js';
import { isoTime, wholeNumber } from '../database/database.js';
import type { Database, Queries } from '../database/database.js';
import { NotRegistered } from '../errors.js';
import { appendEvent } from '../events.js';
import { resolveVersion } from '../resolve-version.js';

const live = z.object({
  instrument: z.string(),
  bucket: z.string(),
  version: z.string(),
  role: z.enum(['production', 'baseline']),
  bundle: z.string(),
  registeredAt: isoTime,
  liveSince: isoTime,
  expiredAt: isoTime.nullable(),
}) satisfies z.ZodType<LiveModel>;

const SELECT_LIVE = `
  select production.instrument, production.bucket, production.version, production.role, version.bundle, version.registered_at, production.live_since, production.expired_at
  from production join version on version.instrument = production.instrument and version.bucket = production.bucket and version.name = production.version`;

const STANDBY = `
  select distinct on (past.instrument, past.bucket) version.bundle
  from production as live
    join production as past on past.instrument = live.instrument and past.bucket = live.bucket and past.version <> live.version
    join version on version.instrument = past.instrument and version.bucket = past.bucket and version.name = past.version
  where live.live_until is null
    and not exists (select from version_removal as gone
      where gone.instrument = past.instrument and gone.bucket = past.bucket and gone.version = past.version)
  order by past.instrument, past.bucket, past.live_since desc`;

/** An order for a version that the caller names, with the id of the gate's decision where there is one. */
export interface InstallOrder extends ChangeOrder {
  readonly version: string;
  readonly decision: number | null;
}

/** An order for a former version, by default the last other one. */
export interface RollbackOrder extends ChangeOrder {
  readonly to?: string;
}

/** Which version is live: one per instrument and bucket, changed in one transaction, every change kept. */
export const createProduction = (database: Database) => ({
  /** Puts a version live as proven. Throws `ProductionConflict`, `StaleEpoch`, `NotRegistered`, `OperationKeyReused`. */
  promote: (order: InstallOrder): Promise<ChangeResult> =>
    database.transaction((queries) =>
      changeProduction(queries, order, () => ({ kind: 'promote', version: order.version, role: 'production', decision: order.decision })),
    ),

  /** Puts the version that a person's words mean live as proven; a repeat gives the first answer, whatever the words mean by then. Throws as `promote` and `resolveVersion`. */
  promoteWritten: (order: ChangeOrder & { readonly written: string }): Promise<ChangeResult> =>
    database.transaction(async (queries) => {
      const result = await changeProduction(queries, order, async () => {
        const { name } = await resolveVersion(queries, order.instrument, order.bucket, order.written);
        return { kind: 'promote', version: name, role: 'production', decision: null };
      });
      if (!result.repeated) await tellOverride(queries, result.event);
      return result;
    }),

  /** Puts an unproven version live where no proven one is; it answers `unproven`. Throws as `promote`. */
  installBaseline: (order: InstallOrder): Promise<ChangeResult> =>
    database.transaction((queries) =>
      changeProduction(queries, order, () => ({ kind: 'baseline', version: order.version, role: 'baseline', decision: order.decision })),
    ),

  /** Puts a former version live again in the role that it had last. Throws as `promote`. */
  rollback: (order: RollbackOrder): Promise<ChangeResult> =>
    database.transaction((queries) => changeProduction(queries, order, () => formerVersion(queries, order))),

  /** Notes that the live version is too old: it stays live and acts flat until another takes its place. Throws as `promote`, and `NotRegistered` when nothing is live. */
  expire: (order: ChangeOrder): Promise<ChangeResult> =>
    database.transaction((queries) => changeProduction(queries, order, () => liveVersion(queries, order))),

  async current(instrument: string, bucket: string): Promise<LiveModel | null> {
    const [found] = await database.query(
      live,
      `${SELECT_LIVE} where production.instrument = $1 and production.bucket = $2 and live_until is null`,
      [instrument, bucket],
    );
    return found ?? null;
  },

  /** Everything that is live now. */
  all: (): Promise<LiveModel[]> => database.query(live, `${SELECT_LIVE} where live_until is null order by 1, 2`),

  /** Artifact ids of the bundles that a rollback would put live, of each place that has one. */
  async standby(): Promise<string[]> {
    return (await database.query(z.object({ bundle: z.string() }), STANDBY)).map(({ bundle }) => bundle);
  },

  /** What was live at a time (ISO 8601); null before the first. */
  async at(instrument: string, bucket: string, time: string): Promise<LiveModel | null> {
    const [found] = await database.query(
      live,
      `${SELECT_LIVE} where production.instrument = $1 and production.bucket = $2 and live_since <= $3 and (live_until is null or live_until > $3)`,
      [instrument, bucket, time],
    );
    if (found === undefined) return null;
    return found.expiredAt !== null && Date.parse(found.expiredAt) > Date.parse(time) ? { ...found, expiredAt: null } : found;
  },

  /** Every change, oldest first. */
  history: (instrument: string, bucket: string): Promise<ProductionEvent[]> => productionHistory(database, instrument, bucket),
});

const judged = z.object({ id: wholeNumber, verdict: z.enum(['PROMOTE', 'HOLD', 'REJECT']) });

/** Says it where a person promotes what the gate would not: an event with the judgement that was overruled, null where there was none. */
const tellOverride = async (
  queries: Queries,
  { operationKey, instrument, bucket, version, actor, reason }: ProductionEvent,
): Promise<void> => {
  const [last] = await queries.query(
    judged,
    'select id, verdict from decision where instrument = $1 and bucket = $2 and version = $3 order by id desc limit 1',
    [instrument, bucket, version],
  );
  if (last?.verdict === 'PROMOTE') return;
  await appendEvent(queries, {
    kind: 'gateOverridden',
    instrument,
    actor,
    payload: { bucket, version, decision: last?.id ?? null, verdict: last?.verdict ?? null, reason },
    operationKey: `${operationKey}/override`,
  });
};

const former = z.object({ version: z.string(), role: z.enum(['production', 'baseline']) });

const liveVersion = async (queries: Queries, order: ChangeOrder): Promise<Target> => {
  const [found] = await queries.query(
    former,
    'select version, role from production where instrument = $1 and bucket = $2 and live_until is null',
    [order.instrument, order.bucket],
  );
  if (found !== undefined) return { kind: 'expire', decision: null, ...found };
  throw new NotRegistered('live version', 'production', `nothing is live in ${order.instrument}/${order.bucket} that could expire`);
};

const formerVersion = async (queries: Queries, order: RollbackOrder): Promise<Target> => {
  const [found] = await queries.query(
    former,
    `select version, role from production
     where instrument = $1 and bucket = $2 and live_until is not null
       and case when $3::text is null then version is distinct from $4 else version = $3 end
       and not exists (select from version_removal as gone
         where gone.instrument = $1 and gone.bucket = $2 and gone.version = production.version)
     order by live_since desc limit 1`,
    [order.instrument, order.bucket, order.to ?? null, order.expectedPrevious],
  );
  if (found !== undefined) return { kind: 'rollback', decision: null, ...found };
  throw new NotRegistered(
    'former version',
    order.to ?? 'previous',
    `only a version that was live in ${order.instrument}/${order.bucket} before can be rolled back to; promote any other`,
  );
};
