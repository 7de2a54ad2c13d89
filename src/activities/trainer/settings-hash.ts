import { createHash } from 'node:crypto';
import type { TrainingConfig } from '../../config/sections/training.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { TrainingJob } from '../../domain/training/trainer-protocol.js';

/**
 * Settings of the agent that came after checkpoints had been written, at the values that change nothing. They are left out of the hash, so that
 * a run which began before them goes on from its checkpoint.
 */
const SINCE_THEN = {
  algorithm: 'dqn',
  dueling: true,
  layerNorm: false,
  quantiles: 0,
  cvar: 1,
  exploration: 'epsilon',
  products: 'float32',
  targetEvery: 0,
  l2Init: 0,
  kickstartWeight: 1,
  kickstartSteps: 10_000,
  kickstartTemperature: 0.1,
} as const;

/** The recycling that every training has had since there is any, those that began before too. */
const RECYCLE = { every: 1_000, threshold: 0.025 } as const;

/** SHA-256 (hex) over all that makes the bits of a run but its data: a checkpoint of other settings is not this run's. */
export const settingsHash = (
  settings: { readonly training: TrainingConfig } & Pick<
    TrainingJob,
    'instrument' | 'trainingRange' | 'heldOut' | 'shared' | 'parent' | 'transfer' | 'experiences'
  >,
): string => {
  const { agent: settled, pqn, recycle, newDataShare, replay, ...rest } = settings.training;
  const { encoder, convolution, ...agent } = settled;
  const neutral = new Map<string, unknown>(Object.entries(SINCE_THEN));
  const telling = Object.fromEntries(Object.entries(agent).filter(([name, value]) => !neutral.has(name) || neutral.get(name) !== value));
  const recycled = recycle.every === RECYCLE.every && recycle.threshold === RECYCLE.threshold ? {} : { recycle };
  const mixed = newDataShare === null ? {} : { newDataShare };
  const training = {
    ...rest,
    ...recycled,
    ...mixed,
    ...(settings.experiences === undefined ? {} : { replay }),
    agent: { ...telling, ...(encoder === 'conv' ? { encoder, convolution } : {}) },
    ...(agent.algorithm === 'pqn' ? { pqn } : {}),
  };
  return createHash('sha256')
    .update(canonicalJson({ ...settings, training }))
    .digest('hex');
};
