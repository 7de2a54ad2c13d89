import { createHash } from 'node:crypto';
import type { Dataset } from '../../../src/domain/market/dataset.js';
import type { IngestReport } from '../../../src/domain/market/ingest.js';
import type { DataSource } from '../../../src/domain/lineage/ancestors.js';
import { openRegistry } from '../../../src/registry/open-registry.js';
import type { Registry } from '../../../src/registry/open-registry.js';
import type { Version } from '../../../src/registry/versions.js';
import { afterAllTests } from '../hooks.js';
import { freshDatabase } from '../services/postgres.js';
import { recordingLogger } from '../recording-logger.js';

/** A registry on an empty database, by default one of its own; closed after all tests. */
export const freshRegistry = async (emptyDatabase?: string): Promise<Registry & { readonly databaseUrl: string }> => {
  const databaseUrl = emptyDatabase ?? (await freshDatabase());
  const registry = await openRegistry({ databaseUrl, logger: recordingLogger() });
  afterAllTests(() => registry.close());
  return { ...registry, databaseUrl };
};

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const dataset = (changed: Partial<Dataset> = {}): Dataset => ({
  id: sha256('bars'),
  instrument: 'ES',
  frequencyMs: 60_000,
  artifact: sha256('parquet'),
  bars: 1_000,
  sessions: 10,
  from: '2026-01-05T14:31:00.000Z',
  to: '2026-02-05T21:00:00.000Z',
  quality: 0.99,
  simulated: true,
  ...changed,
});

/** Registers versions 1 to `count` of ES/default, whose weights and bundles are named after their key. */
export const seedVersions = async (registry: Registry, count: number): Promise<readonly Version[]> => {
  await registry.datasets.save(dataset());
  const versions: Version[] = [];
  for (let i = 1; i <= count; i++) versions.push(await registry.versions.register(newVersion(`key-${i}`)));
  return versions;
};

export const newVersion = (
  operationKey: string,
  changed: Partial<Parameters<Registry['versions']['register']>[0]> = {},
): Parameters<Registry['versions']['register']>[0] => ({
  instrument: 'ES',
  bucket: 'default',
  operationKey,
  bundle: sha256(`bundle ${operationKey}`),
  weightsHash: sha256(`weights ${operationKey}`),
  parent: null,
  run: null,
  dataset: dataset().id,
  sources: [trainedTo(dataset().to)],
  metrics: { sharpe: 1.2 },
  simulated: true,
  ...changed,
});

/** The default dataset, learned from up to a time, with a purge of 30 one-minute bars. */
export const trainedTo = (horizon: string, changed: Partial<DataSource> = {}): DataSource => ({
  kind: 'dataset',
  source: dataset().id,
  horizon,
  reachMs: 30 * 60_000,
  ...changed,
});

export const ingestReport = (content: string, changed: Partial<IngestReport> = {}): IngestReport => ({
  instrument: 'ES',
  sha256: sha256(content),
  bytes: content.length,
  format: 'nt8-minute',
  lines: 3,
  accepted: 2,
  repaired: 0,
  quarantined: 1,
  quarantine: [{ line: 3, reason: 'no close', text: '20260105 143100;1;2;' }],
  repairs: [],
  rows: 2,
  frequencyMs: 60_000,
  firstClose: '2026-01-05T14:31:00.000Z',
  lastClose: '2026-01-05T14:32:00.000Z',
  barsArtifact: `ES/${sha256(content)}.parquet`,
  ...changed,
});
