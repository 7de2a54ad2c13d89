import type { ActionBins } from '../domain/agent/action-codec.js';
import { createBranchLearner, type BranchLearner, type BranchLearnerOptions } from './agent/branch-learner.js';
import { barStates } from './agent/states.js';
import type { Learner } from './learner.js';
import type { FeatureMatrix } from './observation.js';

export interface LearnerOptions extends Omit<BranchLearnerOptions, 'states' | 'bins' | 'auxiliary'> {
  readonly features: FeatureMatrix;
  /** Rows of an observation's window. */
  readonly lookback: number;
  readonly bins: ActionBins;
}

/**
 * A DQN that trades: states are bars and private state, branches price and quantity, the auxiliary head predicts volatility. Throws as
 * `createBranchLearner` does; its calls throw `RangeError` on bars outside of the features and on arrays of the wrong length.
 */
export const createLearner = async (options: LearnerOptions): Promise<Learner> => {
  if (options.agent.algorithm !== 'dqn')
    throw new RangeError(`algorithm ${options.agent.algorithm} does not learn from transitions: expected dqn; use createReturnLearner`);
  const learner = await createTradingLearner(options);
  return { ...actor(learner), step: (batch) => learner.step({ ...batch }) };
};

/** The learner of bars, price and quantity that both algorithms stand on. */
export const createTradingLearner = (options: LearnerOptions): Promise<BranchLearner> =>
  createBranchLearner({ ...options, states: barStates(options.features, options.lookback), bins: { ...options.bins }, auxiliary: true });

/** What every trading learner does alike, whatever it learns from. */
export const actor = (learner: BranchLearner): Omit<Learner, 'step'> => ({
  backend: learner.backend,
  act: (bars, privateState, exploring) => {
    const { price, quantity } = learner.act({ bars, privateState }, exploring);
    return { price: price!, quantity: quantity! };
  },
  inspect: (bars, privateState) => learner.inspect({ bars, privateState }),
  recycle: (bars, privateState, threshold, random) => learner.recycle({ bars, privateState }, threshold, random),
  state: () => learner.state(),
  load: (state) => learner.load(state),
  dispose: () => learner.dispose(),
});
