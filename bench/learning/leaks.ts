import * as tf from '@tensorflow/tfjs';
import { createLearner } from '../../src/learning/create-learner.js';
import { noiseBatches, smallLearnerOptions } from '../../test/support/learning/learner.js';
import type { Bench } from '../figure.js';

const STEPS = 100_000;
/** Steps after which the allocators of V8 and TensorFlow have their pools. */
const WARM = 20_000;
const MEGABYTE = 2 ** 20;
/** Resident memory that may come and go with pools; a leak of a hundred bytes a step would be 8 MB, of one small tensor tens. */
const LIMIT = 8;

/** Tensors and resident memory over 100,000 compiled steps with acting beside, from step 20,000 on. Run with `--expose-gc` for steadier memory. */
export const leaks: Bench = async () => {
  const options = smallLearnerOptions();
  const learner = await createLearner({ ...options, backend: 'compiled' });
  const batches = noiseBatches(8, options);
  const look = () => {
    globalThis.gc?.();
    return { tensors: tf.memory().numTensors, resident: process.memoryUsage().rss / MEGABYTE };
  };
  let warm = look();
  for (let step = 0; step < STEPS; step++) {
    if (step === WARM) warm = look();
    const batch = batches[step % batches.length]!;
    learner.step(batch);
    if (step % 4 === 0) learner.act(batch.bars, batch.privateState);
  }
  const end = look();
  learner.dispose();
  const grown = end.resident - warm.resident;
  return [
    {
      figure: 'tensors after 100,000 steps',
      value: end.tensors,
      unit: 'tensors',
      limit: warm.tensors,
      ratio: (1 + warm.tensors) / (1 + end.tensors),
    },
    { figure: 'resident memory gained over 80,000 steps', value: grown, unit: 'MB', limit: LIMIT, ratio: LIMIT / Math.max(grown, 0.01) },
  ];
};
