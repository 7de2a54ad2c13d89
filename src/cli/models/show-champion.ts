import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import { instrumentsAsked, openApi } from '../ask-api.js';
import { UsedWrongly } from '../exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';

export interface ChampionOptions {
  readonly instrument?: string;
  readonly bucket?: string;
  readonly at?: string;
  readonly history?: boolean;
  readonly json?: boolean;
}

const role = z.enum(['production', 'baseline']);
const live = z
  .object({
    version: z.string(),
    role,
    liveSince: z.string(),
    registeredAt: z.string(),
    expiredAt: z.string().nullish(),
    bucket: z.string(),
  })
  .nullable();
const change = z.object({
  kind: z.enum(['promote', 'baseline', 'rollback', 'expire']),
  version: z.string(),
  previous: z.string().nullable(),
  role,
  decision: z.number().nullable(),
  actor: z.string(),
  reason: z.string(),
  at: z.string(),
});

/** Writes which version is or was live for each instrument, or every change of it. Throws `UsedWrongly`, `NotRunning`, `ApiRefused`. */
export const showChampion = async (options: ChampionOptions, environment: Environment, { write }: Terminal): Promise<void> => {
  const at = options.at === undefined ? undefined : readTime(options.at);
  if (at !== undefined && options.history === true)
    throw new UsedWrongly('--at asks for one moment and --history for all: give one of them');
  const { bucket = DEFAULT_BUCKET } = options;
  const ask = await openApi(environment);
  const instruments = await instrumentsAsked(ask, options.instrument);
  const production = (id: string): string => `/api/v1/instruments/${encodeURIComponent(id)}/production`;
  const found = await Promise.all(
    instruments.map(async (id) =>
      options.history === true
        ? { instrument: id, changes: await ask(z.array(change), `${production(id)}/history`, { bucket }) }
        : { instrument: id, at: at ?? null, live: await ask(live, production(id), { at, bucket }) },
    ),
  );
  if (options.json === true) {
    write(`${JSON.stringify(found, null, 2)}\n`);
    return;
  }
  const named = (instrument: string): string => (bucket === DEFAULT_BUCKET ? instrument : `${instrument} ${bucket}`);
  const lines = found.flatMap((one) =>
    'changes' in one ? describeChanges(named(one.instrument), one.changes) : [describeLive(named(one.instrument), one.live, at)],
  );
  write(`${lines.length === 0 ? 'No instrument has a learner yet: it begins with the first export.' : lines.join('\n')}\n`);
};

/** A moment with its time zone, as the API takes it; a day alone is its beginning in UTC. Throws `UsedWrongly`. */
const readTime = (text: string): string => {
  const { data } = z.iso.datetime({ offset: true }).safeParse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (data !== undefined && !Number.isNaN(Date.parse(data))) return data;
  throw new UsedWrongly(`--at ${JSON.stringify(text)} is no time: expected 2026-11-21, or 2026-11-21T10:15:00Z with its time zone`);
};

const describeLive = (instrument: string, found: z.infer<typeof live>, at: string | undefined): string => {
  if (found === null) return `${instrument}: ${at === undefined ? 'nothing is live' : `nothing was live at ${at}`}`;
  const { version, role: part, liveSince, expiredAt } = found;
  return `${instrument}: ${version} (${inWords(part)})${at === undefined ? '' : ` at ${at}`}, live since ${liveSince}${expiredAt == null ? '' : `, too old since ${expiredAt}: acts flat`}`;
};

const describeChanges = (instrument: string, changes: readonly z.infer<typeof change>[]): string[] =>
  changes.length === 0
    ? [`${instrument}: nothing was ever live`]
    : changes.map(
        ({ at, kind, version, previous, role: part, actor, reason }) =>
          `${instrument}: ${at} ${kind} ${version} (${inWords(part)}) after ${previous ?? 'nothing'}, by ${actor}: ${reason}`,
      );

const inWords = (part: z.infer<typeof role>): string => (part === 'baseline' ? 'baseline: unproven, acts flat' : 'production');
