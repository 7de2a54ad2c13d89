import { quantityBin, type ActionBins } from '../../domain/agent/action-codec.js';
import type { PolicyFunction } from './policy.js';

/**
 * Follows a position known for each bar in advance (the simulator's known optimum, or any rule computed ahead): `targets[t]` in [-1, 1] is what
 * is wanted after the decision at the close of bar t, taken at the nearest quantity bin and paid for with the most willing limit unless another
 * price bin is given.
 */
export const targetPositions = (targets: Float64Array, bins: ActionBins, priceBin = bins.price - 1): PolicyFunction => {
  const quantities = Int32Array.from(targets, (target) => quantityBin(target, bins));
  return ({ bar, active }, price, quantity) => {
    for (let lane = 0; lane < active.length; lane++) {
      if (active[lane] === 0) continue;
      const wanted = quantities[bar[lane]!];
      if (wanted === undefined)
        throw new RangeError(`no target for bar ${bar[lane]!}: expected targets for each of the bars, got ${targets.length}`);
      price[lane] = priceBin;
      quantity[lane] = wanted;
    }
  };
};
