import { agentConfig } from '../../../src/config/sections/training.js';
import { createBranchLearner } from '../../../src/learning/agent/branch-learner.js';
import { vectorStates } from '../../../src/learning/agent/states.js';
import { chooseBins, epsilonAt } from '../../../src/learning/exploration.js';
import { lambdaReturns } from '../../../src/learning/pqn/lambda-returns.js';
import { shuffle } from '../../../src/learning/pqn/shuffle.js';
import { createRandom } from '../../../src/learning/random.js';
import { createCartPoles, STATE } from './cart-pole.js';
import type { CartPoleRun } from './evaluate.js';

/** The settings that the authors of PQN publish for CartPole (purejaxql): 32 environments, rollouts of 64 steps, 4 epochs of 16 minibatches. */
const agent = agentConfig.parse({
  algorithm: 'pqn',
  layerNorm: true,
  trunk: [128, 128],
  head: 0,
  learningRate: 1e-4,
  gamma: 0.99,
  gradientClip: 10,
  huberDelta: 1e6,
});
const ROLLOUT = { lanes: 32, steps: 64, epochs: 4, minibatches: 16, lambda: 0.95, rewardScale: 0.1 } as const;
const ROWS = ROLLOUT.lanes * ROLLOUT.steps;

/** Trains one seed for so many steps of all environments together. */
export const trainPqn = async (seed: number, steps: number): Promise<CartPoleRun> => {
  const { lanes } = ROLLOUT;
  const size = ROWS / ROLLOUT.minibatches;
  const learner = await createBranchLearner({
    agent,
    states: vectorStates(STATE),
    bins: { action: 2 },
    auxiliary: false,
    batchSize: size,
    actBatch: lanes,
    random: createRandom(seed, 'weights'),
  });
  const random = createRandom(seed, 'play');
  const poles = createCartPoles(lanes);
  for (let lane = 0; lane < lanes; lane++) poles.reset(lane, random);
  const observations = new Float32Array(ROWS * STATE);
  const action = new Int32Array(ROWS);
  const reward = new Float64Array(ROWS).fill(ROLLOUT.rewardScale);
  const done = new Uint8Array(ROWS);
  const value = new Float64Array(ROWS + lanes);
  const returns = new Float32Array(ROWS);
  const order = new Int32Array(ROWS);
  const batch = {
    observations: new Float32Array(size * STATE),
    action: new Int32Array(size),
    target: new Float32Array(size),
    rate: new Float32Array(1),
  };
  const look = (at: number): Float32Array => {
    const q = learner.act({ observations: Float32Array.from(poles.state) }).action!;
    for (let lane = 0; lane < lanes; lane++) value[at + lane] = Math.max(q[2 * lane]!, q[2 * lane + 1]!);
    return q;
  };

  const play = (before: number): void => {
    for (let at = 0; at < ROWS; at += lanes) {
      const epsilon = epsilonAt({ start: 1, end: 0.2, decaySteps: steps / 5 }, before + at);
      observations.set(poles.state, at * STATE);
      const chosen = action.subarray(at, at + lanes);
      chooseBins(look(at), 2, () => epsilon, random, chosen);
      poles.step(chosen).forEach((end, lane) => {
        done[at + lane] = end === 'balanced' ? 0 : 1;
        if (end !== 'balanced') poles.reset(lane, random);
      });
    }
    look(ROWS);
    lambdaReturns({ lanes, reward, done, value, gamma: agent.gamma, lambda: ROLLOUT.lambda }, returns);
  };

  const learn = (rate: number): void => {
    batch.rate[0] = rate;
    for (let epoch = 0; epoch < ROLLOUT.epochs; epoch++) {
      shuffle(order, random);
      for (let first = 0; first < ROWS; first += size) {
        order.subarray(first, first + size).forEach((from, to) => {
          batch.observations.set(observations.subarray(from * STATE, (from + 1) * STATE), to * STATE);
          batch.action[to] = action[from]!;
          batch.target[to] = returns[from]!;
        });
        learner.step(batch);
      }
    }
  };

  const began = performance.now();
  for (let step = 0; step + ROWS <= steps; step += ROWS) {
    play(step);
    learn(agent.learningRate * (1 - step / steps));
  }
  const trainingSeconds = (performance.now() - began) / 1_000;
  const tensors = learner.state();
  learner.dispose();
  return { agent, tensors, trainingSeconds };
};
