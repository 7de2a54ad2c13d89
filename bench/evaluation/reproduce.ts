import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reproduceVersion } from '../../src/activities/reproduce/reproduce-version.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import type { Version } from '../../src/registry/versions.js';
import { smallWorld, type SmallWorld } from '../../test/support/evaluation/judged-candidate.js';
import { closeAfterAllTests } from '../../test/support/hooks.js';
import { putLive, tinyTraining, trainedVersion } from '../../test/support/learning/trained-version.js';
import type { Bench } from '../figure.js';

const SESSIONS = 30;
const SESSIONS_AT_FIRST = 26;

/** A version that is trained, and how. */
interface Wanted {
  readonly what: string;
  readonly training?: { readonly agent?: object; readonly [setting: string]: unknown };
  readonly sessions?: number;
  readonly bucket?: string;
  /** Bucket whose newest version hands on to it. */
  readonly source?: string;
  readonly full?: boolean;
  /** Puts it into production, from which the next of its bucket starts. */
  readonly goesLive?: boolean;
}

const everything = { layerNorm: true, quantiles: 8, cvar: 0.5, exploration: 'noisy', targetEvery: 50, l2Init: 1e-4 };
const pqn = { algorithm: 'pqn', layerNorm: true };
const drawnHorizons = { hindsight: { horizon: 5, shortestHorizon: 2 }, priority: { enabled: false } };

const VERSIONS: readonly Wanted[] = [
  { what: 'DQN from scratch', goesLive: true },
  { what: 'DQN from production, on more sessions, half of its episodes new', sessions: SESSIONS, training: { newDataShare: 0.5 }, goesLive: true }, // prettier-ignore
  { what: 'DQN with quantiles, noise, layer norm, a copied target, recycling', full: true, training: { agent: everything, recycle: { every: 100, threshold: 0.2 } } }, // prettier-ignore
  { what: 'DQN with drawn horizons, adaptive exploration, even replay', full: true, training: { agent: { exploration: 'adaptive' }, ...drawnHorizons } }, // prettier-ignore
  { what: 'PQN from scratch', full: true, training: { agent: pqn }, goesLive: true },
  { what: 'PQN from production', training: { agent: pqn } },
  { what: 'bucket Fast', bucket: 'Fast', goesLive: true },
  { what: 'bucket Fast from its production', bucket: 'Fast' },
  { what: 'bucket Slow, handed on to by Fast', bucket: 'Slow', source: 'Fast' },
];

const buckets = {
  Fast: { horizon: { shortest: 1, longest: 3 }, features: ['price', 'rsi'] },
  Slow: { horizon: { shortest: 2, longest: 5 }, features: ['price', 'rsi', 'timeOfDay'], learningRate: 1e-3 },
};
const progressive = { minGradientSteps: 200, episodesPerBucket: 4, transfer: { distillation: true } };

/** Of versions trained in every way that there is, how many come out again to the last bit from their lineage: weights, optimizer, network and returns. */
export const reproduce: Bench = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-reproduce-'));
  try {
    const world = await smallWorld(folder, {
      sessions: SESSIONS,
      exported: SESSIONS_AT_FIRST,
      training: tinyTraining,
      more: { buckets, progressive },
    });
    const { registry, artifacts } = world.dependencies;
    let reproduced = 0;
    for (const [index, wanted] of VERSIONS.entries()) {
      const version = await train(world, wanted, index + 1);
      const { outcome, compared, notes } = await reproduceVersion(version, { registry, artifacts, folder: join(folder, 'clean') });
      const differing = compared.filter((one) => one.recorded !== one.rebuilt).map(({ what }) => what);
      process.stderr.write(`${version.name} (${wanted.what}): ${[outcome, ...differing, ...notes].join(', ')}\n`);
      if (outcome === 'reproduced' && compared.length === 5) reproduced++;
    }
    const limit = VERSIONS.length;
    return [{ figure: 'registered versions that came out again', value: reproduced, unit: 'versions', limit, ratio: reproduced / limit }];
  } finally {
    await closeAfterAllTests();
    await rm(folder, { recursive: true, force: true });
  }
};

const train = async (world: SmallWorld, wanted: Wanted, cycle: number): Promise<Version> => {
  const { bucket = 'default', training = {}, sessions, source, goesLive = false } = wanted;
  const { registry, config } = world.dependencies;
  const settings = { ...config.training, ...training, agent: { ...config.training.agent, ...training.agent } };
  const dependencies = { ...world.dependencies, config: ratchetConfig.parse({ ...config, training: settings }) };
  const dataset = await world.freeze(`train-SIM-${String(cycle).padStart(6, '0')}`, sessions, bucket);
  const [newest] = source === undefined ? [] : await registry.versions.list('SIM', source);
  const from = {
    bucket,
    full: wanted.full ?? false,
    source: newest === undefined ? null : { bucket: newest.bucket, version: newest.name },
  };
  const { version } = await trainedVersion({ dependencies }, dataset, cycle, from);
  if (goesLive) await putLive(world, version, bucket);
  return registry.versions.resolve('SIM', bucket, version);
};
