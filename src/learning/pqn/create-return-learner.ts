import { actor, createTradingLearner, type LearnerOptions } from '../create-learner.js';
import type { Learner, StepResult } from '../learner.js';

/** `batchSize` decisions and the returns that followed them; states are (bar, private state). */
export interface ReturnBatch {
  readonly bars: Int32Array;
  readonly privateState: Float32Array;
  readonly price: Int32Array;
  readonly quantity: Int32Array;
  /** λ-returns, hindsight included. */
  readonly target: Float32Array;
  /** Target of the auxiliary head: volatility realised after the decision, in units of the training window's mean. */
  readonly volatility: Float32Array;
}

/** A learner without target network, that is told the returns it is to predict. */
export interface ReturnLearner extends Omit<Learner, 'step'> {
  /** One gradient step at the given learning rate. */
  step(batch: ReturnBatch, learningRate: number): StepResult;
}

/** A PQN that trades, beside `createLearner`'s DQN: the same network, states and branches. Throws as that does. */
export const createReturnLearner = async (options: LearnerOptions): Promise<ReturnLearner> => {
  if (options.agent.algorithm !== 'pqn')
    throw new RangeError(`algorithm ${options.agent.algorithm} does not learn from returns: expected pqn; use createLearner`);
  const learner = await createTradingLearner(options);
  const rate = new Float32Array(1);
  return {
    ...actor(learner),
    step(batch, learningRate) {
      rate[0] = learningRate;
      return learner.step({ ...batch, rate });
    },
  };
};
