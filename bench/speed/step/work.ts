import type { Learner } from '../../../src/learning/learner.js';
import type { callsPerSecond } from '../../figure.js';
import { randomBatch } from '../nets.js';

const BATCHES = Array.from({ length: 8 }, (_, seed) => randomBatch(seed));

/** The rate of whole training steps. */
export const stepping = (learner: Learner, calls: number, rateOf: typeof callsPerSecond): number =>
  rateOf((call) => learner.step(BATCHES[call % 8]!), calls);

/** The rate of decisions on 16 states at a time. */
export const acting = (learner: Learner, calls: number, rateOf: typeof callsPerSecond): number => {
  const [bars, privateState] = [BATCHES[0]!.bars.slice(0, 16), BATCHES[0]!.privateState.slice(0, 64)];
  return rateOf(() => learner.act(bars, privateState), calls);
};
