import { trainingOfBucket } from '../../config/buckets/bucket-training.js';
import type { RatchetConfig } from '../../config/ratchet.js';
import type { TrainingConfig } from '../../config/sections/training.js';
import { frequencyMs } from '../../domain/market/bars.js';
import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import type { DataSource } from '../../domain/lineage/ancestors.js';
import type { BucketPlan } from '../../domain/sequence/bucket-plan.js';
import { purgeBars, purgeWithAncestors, type Reach } from '../../domain/market/split.js';

/**
 * How far a training's decisions look back and its labels look ahead. Returns of a rollout reach to its end at most. Volatility is measured over the
 * hindsight horizon, and episodes have that horizon.
 */
export const trainingReach = ({ environment, agent, nStep, pqn, hindsight }: TrainingConfig): Reach => ({
  lookback: environment.lookback,
  nStep: agent.algorithm === 'pqn' ? pqn.rolloutSteps : nStep,
  hindsightHorizon: hindsight.horizon,
  auxiliaryWindow: hindsight.horizon,
  largestHorizon: hindsight.horizon,
});

/**
 * Bars of `barMs` to leave unused before what a bucket is judged on: as far as it and all that was learned from reach. Buckets hand on what they
 * learned, so each leaves as much as the farthest of all of them, and what one holds out is clean for every other.
 */
export const bucketPurge = (
  config: Pick<RatchetConfig, 'training' | 'buckets'>,
  bucket: string,
  barMs: number,
  learned: readonly Pick<DataSource, 'reachMs'>[],
  plan: Partial<BucketPlan> = {},
): number => {
  const others = bucket === DEFAULT_BUCKET ? [] : Object.keys(config.buckets).map((name) => trainingOfBucket(config, name));
  const reaches = others.map((other) => ({
    reachMs: purgeBars(trainingReach(other)) * Math.max(frequencyMs(other.environment.frequency), barMs),
  }));
  return purgeWithAncestors(trainingReach(trainingOfBucket(config, bucket, plan)), [...learned, ...reaches], barMs);
};
