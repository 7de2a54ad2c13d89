import Table from 'cli-table3';
import { z } from 'zod';
import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import type { Environment } from '../../config/environment.js';
import { instrumentsAsked, openApi, type AskApi } from '../ask-api.js';
import { figure } from '../terminal/figures.js';
import type { Terminal } from '../terminal/terminal.js';

export interface ModelsOptions {
  readonly instrument?: string;
  readonly bucket?: string;
  readonly limit?: string;
  readonly json?: boolean;
}

const measured = z.number().nullish();
const version = z.object({
  name: z.string(),
  parent: z.string().nullable(),
  run: z.string().nullable(),
  dataset: z.string(),
  dataHorizon: z.string(),
  registeredAt: z.string(),
  simulated: z.boolean(),
  pinnedBy: z.string().nullish(),
  deletedBecause: z.string().nullish(),
  metrics: z.object({
    sharpe: measured,
    totalReturn: measured,
    winRate: measured,
    profitFactor: measured,
    maxDrawdown: measured,
    verdict: z.string().nullish(),
  }),
});
const live = z.object({ version: z.string(), role: z.string() }).nullable();

/** Writes the registered versions of each instrument, newest first, with the one that is live marked. Throws `NotRunning`, `ApiRefused`. */
export const listModels = async (options: ModelsOptions, environment: Environment, terminal: Terminal): Promise<void> => {
  const ask = await openApi(environment);
  const instruments = await instrumentsAsked(ask, options.instrument);
  writeModels(await Promise.all(instruments.map((id) => modelsOf(ask, id, options))), options, terminal);
};

/** Versions of an instrument. */
export interface ListedModels {
  readonly instrument: string;
  readonly versions: readonly ListedVersion[];
}

/** Writes versions as a table, or as JSON. */
export const writeModels = (found: readonly ListedModels[], options: ModelsOptions, { write }: Terminal): void => {
  if (options.json === true) {
    write(`${JSON.stringify(found, null, 2)}\n`);
    return;
  }
  const parts = found.map(({ instrument, versions }) =>
    versions.length === 0 ? `${instrument}: no version is registered yet` : `${instrument}\n${tableOf(versions)}`,
  );
  write(`${parts.length === 0 ? 'No instrument has a learner yet: it begins with the first export.' : parts.join('\n')}\n`);
};

export interface ListedVersion extends z.infer<typeof version> {
  /** `production` or `baseline` where it is live. */
  readonly role: string | null;
}

/** The newest versions of an instrument. Throws `NotRunning`, `ApiRefused`. */
export const modelsOf = async (
  ask: AskApi,
  instrument: string,
  { bucket = DEFAULT_BUCKET, limit }: ModelsOptions,
): Promise<ListedModels> => {
  const [versions, production] = await Promise.all([
    ask(z.array(version), '/api/v1/models', { instrument, bucket, limit }),
    ask(live, `/api/v1/instruments/${encodeURIComponent(instrument)}/production`, { bucket }),
  ]);
  const role = ({ name }: { readonly name: string }): string | null => (production?.version === name ? production.role : null);
  return { instrument, versions: versions.map((one): ListedVersion => ({ ...one, role: role(one) })) };
};

const tableOf = (versions: readonly ListedVersion[]): string => {
  const table = new Table({
    head: ['version', 'live as', 'verdict', 'Sharpe', 'learned up to', 'parent', 'model'],
    colAligns: ['left', 'left', 'left', 'right', 'left', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { name, role, metrics, dataHorizon, parent, simulated, pinnedBy, deletedBecause } of versions) {
    const model = deletedBecause != null ? 'deleted' : pinnedBy != null ? 'pinned' : 'kept';
    const sharpe = `${figure(metrics.sharpe ?? null)}${simulated ? ' (simulated)' : ''}`;
    table.push([name, role ?? '', metrics.verdict ?? '', sharpe, dataHorizon, parent ?? 'from scratch', model]);
  }
  return table.toString();
};
