import type { AgentConfig } from '../../../src/config/sections/training.js';
import { createBranchLearner } from '../../../src/learning/agent/branch-learner.js';
import { vectorStates } from '../../../src/learning/agent/states.js';
import { chooseBins } from '../../../src/learning/exploration.js';
import type { NamedTensor } from '../../../src/learning/learner.js';
import { createRandom } from '../../../src/learning/random.js';
import { CART_POLE, createCartPoles, STATE } from './cart-pole.js';

const EPISODES = 100;

/** A trained agent on CartPole. */
export interface CartPoleRun {
  readonly agent: AgentConfig;
  readonly tensors: readonly NamedTensor[];
  /** From the first step to the last, without compilation and evaluation. */
  readonly trainingSeconds: number;
}

/** Mean return of 100 greedy episodes, from starts that no training saw. */
export const greedyReturn = async ({ agent, tensors }: CartPoleRun, seed: number): Promise<number> => {
  const random = createRandom(seed, 'evaluation');
  const learner = await createBranchLearner({
    agent,
    states: vectorStates(STATE),
    bins: { action: 2 },
    auxiliary: false,
    batchSize: 1,
    actBatch: EPISODES,
    random,
    initial: tensors,
  });
  const poles = createCartPoles(EPISODES);
  const actions = new Int32Array(EPISODES);
  const returns = new Map<number, number>();
  for (let lane = 0; lane < EPISODES; lane++) poles.reset(lane, random);
  for (let step = 0; step < CART_POLE.longestEpisode && returns.size < EPISODES; step++) {
    const { action } = learner.act({ observations: Float32Array.from(poles.state) });
    chooseBins(action!, 2, () => 0, random, actions);
    poles.step(actions).forEach((end, lane) => {
      if (end !== 'balanced' && !returns.has(lane)) returns.set(lane, poles.age[lane]!);
    });
  }
  learner.dispose();
  return [...returns.values()].reduce((sum, each) => sum + each, 0) / EPISODES;
};
