import { createBranchLearner } from '../../../src/learning/agent/branch-learner.js';
import { barStates } from '../../../src/learning/agent/states.js';
import { actor, type LearnerOptions } from '../../../src/learning/create-learner.js';
import type { Learner } from '../../../src/learning/learner.js';

/** A DQN with one branch of all pairs of price and quantity in place of two branches; to the trainer it is like any other. */
export const createJointLearner = async (options: LearnerOptions): Promise<Learner> => {
  const { bins, actBatch } = options;
  const pairs = bins.price * bins.quantity;
  const learner = await createBranchLearner({
    ...options,
    states: barStates(options.features, options.lookback),
    bins: { pair: pairs },
    auxiliary: true,
  });
  return {
    ...actor(learner),
    act(bars, privateState, exploring) {
      const { pair } = learner.act({ bars, privateState }, exploring);
      const price = new Float32Array(actBatch * bins.price).fill(-Infinity);
      const quantity = new Float32Array(actBatch * bins.quantity).fill(-Infinity);
      // A bin is worth what its best pair is: the greatest of each branch are then those of the best pair.
      pair!.forEach((value, at) => {
        const [row, rest] = [Math.floor(at / pairs), at % pairs];
        const [p, q] = [row * bins.price + Math.floor(rest / bins.quantity), row * bins.quantity + (rest % bins.quantity)];
        price[p] = Math.max(price[p]!, value);
        quantity[q] = Math.max(quantity[q]!, value);
      });
      return { price, quantity };
    },
    step: ({ price, quantity, ...batch }) => learner.step({ ...batch, pair: price.map((bin, i) => bin * bins.quantity + quantity[i]!) }),
  };
};
