import type { EnvironmentConfig } from '../../src/config/sections/training.js';
import { chooseBins } from '../../src/learning/exploration.js';
import type { Learner } from '../../src/learning/learner.js';
import { createRandom } from '../../src/learning/random.js';

/** What is decided on, a row each: bars, and private states (rows × their size). */
export interface Decided {
  readonly bar: Int32Array;
  readonly privateState: Float32Array;
}

/** A player that takes the bin of the greatest value in each branch, of each row. */
export const greedily = (
  player: Pick<Learner, 'act'>,
  { priceBins, quantityBins }: Pick<EnvironmentConfig, 'priceBins' | 'quantityBins'>,
): ((now: Decided, price: Int32Array, quantity: Int32Array) => void) => {
  const unused = createRandom(0, 'unused');
  return ({ bar, privateState }, price, quantity) => {
    const values = player.act(bar, privateState);
    chooseBins(values.price, priceBins, () => 0, unused, price);
    chooseBins(values.quantity, quantityBins, () => 0, unused, quantity);
  };
};
