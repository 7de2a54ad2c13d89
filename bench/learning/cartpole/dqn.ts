import { agentConfig } from '../../../src/config/sections/training.js';
import { createBranchLearner } from '../../../src/learning/agent/branch-learner.js';
import { vectorStates } from '../../../src/learning/agent/states.js';
import { chooseBins, epsilonAt } from '../../../src/learning/exploration.js';
import { createRandom } from '../../../src/learning/random.js';
import { createCartPoles, STATE } from './cart-pole.js';
import type { CartPoleRun } from './evaluate.js';

/** CleanRL's `dqn.py` on CartPole-v1: its network, rates and schedule; the squared loss is Huber's that never turns linear. */
const agent = agentConfig.parse({
  trunk: [120, 84],
  head: 0,
  learningRate: 2.5e-4,
  gamma: 0.99,
  targetEvery: 50, // of 500 steps, a gradient step every 10
  gradientClip: 1e9,
  huberDelta: 1e6,
});
const STEPS = { capacity: 10_000, first: 10_000, trainEvery: 10, batch: 128 } as const;

/** Trains one seed for so many steps, with uniform replay. */
export const trainDqn = async (seed: number, steps: number): Promise<CartPoleRun> => {
  const learner = await createBranchLearner({
    agent,
    states: vectorStates(STATE),
    bins: { action: 2 },
    auxiliary: false,
    batchSize: STEPS.batch,
    actBatch: 1,
    random: createRandom(seed, 'weights'),
  });
  const random = createRandom(seed, 'play');
  const poles = createCartPoles(1);
  const replay = createReplay();
  const action = new Int32Array(1);
  poles.reset(0, random);
  const began = performance.now();
  for (let step = 0; step < steps; step++) {
    const epsilon = epsilonAt({ start: 1, end: 0.05, decaySteps: steps / 2 }, step);
    const observations = Float32Array.from(poles.state);
    // A random action needs no network, and most of the early ones are.
    if (random.uniform() < epsilon) action[0] = random.integer(2);
    else chooseBins(learner.act({ observations }).action!, 2, () => 0, random, action);
    const [end] = poles.step(action);
    // Time up is no end of what is to come: only a fall is.
    replay.store(step % STEPS.capacity, observations, Float32Array.from(poles.state), action[0]!, end === 'fallen' ? 0 : agent.gamma);
    if (end !== 'balanced') poles.reset(0, random);
    if (step > STEPS.first && step % STEPS.trainEvery === 0)
      learner.step(replay.draw(() => random.integer(Math.min(step + 1, STEPS.capacity))));
  }
  const trainingSeconds = (performance.now() - began) / 1_000;
  const tensors = learner.state();
  learner.dispose();
  return { agent, tensors, trainingSeconds };
};

/** Transitions of a task whose states are vectors. */
const createReplay = () => {
  const before = new Float32Array(STEPS.capacity * STATE);
  const after = new Float32Array(STEPS.capacity * STATE);
  const actions = new Int32Array(STEPS.capacity);
  const discounts = new Float32Array(STEPS.capacity);
  const batch = {
    observations: new Float32Array(STEPS.batch * STATE),
    nextObservations: new Float32Array(STEPS.batch * STATE),
    action: new Int32Array(STEPS.batch),
    reward: new Float32Array(STEPS.batch).fill(1),
    discount: new Float32Array(STEPS.batch),
    weight: new Float32Array(STEPS.batch).fill(1),
  };
  return {
    store(slot: number, from: Float32Array, to: Float32Array, action: number, discount: number): void {
      before.set(from, slot * STATE);
      after.set(to, slot * STATE);
      actions[slot] = action;
      discounts[slot] = discount;
    },
    draw(slotOf: () => number) {
      for (let row = 0; row < STEPS.batch; row++) {
        const slot = slotOf();
        batch.observations.set(before.subarray(slot * STATE, (slot + 1) * STATE), row * STATE);
        batch.nextObservations.set(after.subarray(slot * STATE, (slot + 1) * STATE), row * STATE);
        batch.action[row] = actions[slot]!;
        batch.discount[row] = discounts[slot]!;
      }
      return batch;
    },
  };
};
