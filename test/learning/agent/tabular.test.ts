import assert from 'node:assert/strict';
import { agentConfig, type AgentConfig } from '../../../src/config/sections/training.js';
import { createBranchLearner, type BranchLearner } from '../../../src/learning/agent/branch-learner.js';
import { vectorStates } from '../../../src/learning/agent/states.js';
import type { NamedTensor } from '../../../src/learning/learner.js';
import type { Branches } from '../../../src/learning/network.js';
import { createRandom } from '../../../src/learning/random.js';
import { oneHot, randomTask, valueIteration, type TabularTask } from '../../support/learning/tabular.js';

/** Squared loss, and steps as large as they come. */
const plain = { head: 0, gradientClip: 1e9, huberDelta: 1e6 };

interface Task<T> {
  readonly size: number;
  readonly bins: Branches;
  readonly batchSize: number;
  readonly actBatch: number;
  /** A learner to start from. */
  readonly initial?: readonly NamedTensor[];
  readonly use: (learner: BranchLearner) => T;
}

const withBranchLearner = async <T>(agent: Partial<AgentConfig>, { size, use, ...sizes }: Task<T>): Promise<T> => {
  const options = { agent: agentConfig.parse({ ...plain, ...agent }), states: vectorStates(size), auxiliary: false, ...sizes };
  const learner = await createBranchLearner({ ...options, random: createRandom(1, 'weights') });
  try {
    return use(learner);
  } finally {
    learner.dispose();
  }
};

const largestGap = (values: Float32Array, expected: Float64Array): number =>
  expected.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0);

/** Every transition of a task once, by its probability. */
const wholeTask = ({ states, actions, gamma, transitions }: TabularTask) => ({
  observations: oneHot(
    transitions.map(({ state }) => state),
    states,
  ),
  nextObservations: oneHot(
    transitions.map(({ next }) => next),
    states,
  ),
  action: Int32Array.from(transitions, ({ action }) => action),
  reward: Float32Array.from(transitions, ({ reward }) => reward),
  discount: Float32Array.from(transitions, ({ end }) => (end ? 0 : gamma)),
  weight: Float32Array.from(transitions, ({ probability }) => probability * actions),
});

const allStates = (states: number): Float32Array => oneHot([...Array(states).keys()], states);

describe('the agent on tasks whose answer is known', () => {
  const stochastic = randomTask({ seed: 4, states: 12, actions: 3, successors: 3 });
  for (const [name, agent] of [
    ['Polyak averaging', { polyak: 0.05 }],
    ['a target that is copied every 25 steps, and layer norm', { targetEvery: 25, layerNorm: true }],
  ] as const)
    it(`comes to the Q* of value iteration within 1e-3, with ${name}`, async () => {
      const { states, actions, transitions } = stochastic;
      const batch = wholeTask(stochastic);
      const learn = (learningRate: number, steps: number, initial?: readonly NamedTensor[]) =>
        withBranchLearner(
          { trunk: [64], learningRate, ...agent },
          {
            size: states,
            bins: { action: actions },
            batchSize: transitions.length,
            actBatch: states,
            ...(initial === undefined ? {} : { initial }),
            use: (learner) => {
              for (let step = 0; step < steps; step++) learner.step(batch);
              return { values: learner.act({ observations: allStates(states) }).action!, tensors: learner.state() };
            },
          },
        );
      const rough = await learn(3e-3, 2_500);
      const { values } = await learn(1e-4, 500, rough.tensors);
      const gap = largestGap(values, valueIteration(stochastic));
      assert.ok(gap <= 1e-3, `largest distance from Q*: ${gap}`);
    });

  it('comes to Q* within 1e-3 by PQN, without a target network', async () => {
    const task = randomTask({ seed: 5, states: 12, actions: 3, successors: 1 });
    const { states, actions, transitions, gamma } = task;
    const { observations, action } = wholeTask(task);
    const steps = 4_000;
    const values = await withBranchLearner(
      { algorithm: 'pqn', layerNorm: true, trunk: [64] },
      {
        size: states,
        bins: { action: actions },
        batchSize: transitions.length,
        actBatch: states,
        use: (learner) => {
          const look = (): Float32Array => learner.act({ observations: allStates(states) }).action!;
          for (let step = 0; step < steps; step++) {
            const q = look();
            const best = (state: number): number => Math.max(...q.subarray(state * actions, (state + 1) * actions));
            const target = Float32Array.from(transitions, ({ reward, next, end }) => reward + (end ? 0 : gamma * best(next)));
            learner.step({ observations, action, target, rate: Float32Array.of(0.01 * (1 - step / steps)) });
          }
          return look();
        },
      },
    );
    const gap = largestGap(values, valueIteration(task));
    assert.ok(gap <= 1e-3, `largest distance from Q*: ${gap}`);
  });

  it('solves the identity task of two branches: each takes the bin that its part of the state names', async () => {
    const bins = { price: 5, quantity: 3 };
    const contexts = Array.from({ length: 15 }, (_, i) => [i % 5, Math.floor(i / 5)] as const);
    const look = (chosen: readonly (readonly [number, number])[]): Float32Array =>
      Float32Array.from(chosen.flatMap(([first, second]) => [...oneHot([first], 5), ...oneHot([second], 3)]));
    const use = (learner: BranchLearner): void => {
      const random = createRandom(6, 'identity');
      for (let step = 0; step < 1_000; step++) {
        const seen = Array.from({ length: 128 }, () => contexts[random.integer(15)]!);
        const price = Int32Array.from(seen, () => random.integer(5));
        const quantity = Int32Array.from(seen, () => random.integer(3));
        learner.step({
          observations: look(seen),
          nextObservations: look(seen),
          price,
          quantity,
          reward: Float32Array.from(seen, ([first, second], i) => -Math.abs(price[i]! - first) - Math.abs(quantity[i]! - second)),
          discount: new Float32Array(128),
          weight: new Float32Array(128).fill(1),
        });
      }
      const answer = learner.act({ observations: look(contexts) });
      contexts.forEach(([first, second], i) => {
        assert.equal(greatest(answer.price!.subarray(5 * i, 5 * i + 5)), first);
        assert.equal(greatest(answer.quantity!.subarray(3 * i, 3 * i + 3)), second);
      });
    };
    await withBranchLearner({ trunk: [64], learningRate: 3e-3 }, { size: 8, bins, batchSize: 128, actBatch: 15, use });
  });

  it('takes the sure win when it acts on the worst quarter of the quantiles, and the better but risky one when on all', async () => {
    /** Of bin 0: 1 for sure. Of bin 1: 3 in six of ten cases, else -1.5, which is 1.2 on average. */
    const reward = Float32Array.of(...Array<number>(10).fill(1), ...Array<number>(6).fill(3), ...Array<number>(4).fill(-1.5));
    const batch = {
      observations: new Float32Array(20).fill(1),
      nextObservations: new Float32Array(20).fill(1),
      action: Int32Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1)),
      reward,
      discount: new Float32Array(20),
      weight: new Float32Array(20).fill(1),
    };
    const worth = (cvar: number): Promise<Float32Array> =>
      withBranchLearner(
        { trunk: [16], learningRate: 0.01, huberDelta: 0.05, quantiles: 20, cvar },
        {
          size: 1,
          bins: { action: 2 },
          batchSize: 20,
          actBatch: 1,
          use: (learner) => {
            for (let step = 0; step < 1_000; step++) learner.step(batch);
            return learner.act({ observations: Float32Array.of(1) }).action!;
          },
        },
      );
    const [all, worst] = [await worth(1), await worth(0.25)];
    assert.ok(largestGap(all, Float64Array.of(1, 1.2)) < 0.1 && all[1]! > all[0]!, String(all));
    assert.ok(largestGap(worst, Float64Array.of(1, -1.5)) < 0.2, String(worst));
  });

  describe('where the best price depends on the quantity', () => {
    /** Reward by price and quantity: each price is best with one of the quantities, and bad with the other. */
    const payoff = [
      [3, -4],
      [-2, 2],
    ] as const;
    const pairs = [0, 1, 2, 3].map((pair) => [Math.floor(pair / 2), pair % 2] as const);
    const reward = Float32Array.from(pairs, ([price, quantity]) => payoff[price]![quantity]!);
    const once = { observations: new Float32Array(4).fill(1), nextObservations: new Float32Array(4).fill(1), reward };
    const batch = { ...once, discount: new Float32Array(4), weight: new Float32Array(4).fill(1) };
    const learned = (bins: Branches, action: Readonly<Record<string, Int32Array>>): Promise<Record<string, Float32Array>> =>
      withBranchLearner(
        { trunk: [16], learningRate: 3e-3 },
        {
          size: 1,
          bins,
          batchSize: 4,
          actBatch: 1,
          use: (learner) => {
            for (let step = 0; step < 1_500; step++) learner.step({ ...batch, ...action });
            return learner.act({ observations: Float32Array.of(1) });
          },
        },
      );

    it('branches learn the mean over the other branch, and so a pair that is far from the best: the known limit of branching', async () => {
      const { price, quantity } = await learned(
        { price: 2, quantity: 2 },
        { price: Int32Array.from(pairs, ([first]) => first), quantity: Int32Array.from(pairs, ([, second]) => second) },
      );
      assert.ok(largestGap(price!, Float64Array.of(-0.5, 0)) < 0.01, String(price));
      assert.ok(largestGap(quantity!, Float64Array.of(0.5, -1)) < 0.01, String(quantity));
      assert.equal(payoff[greatest(price!)]![greatest(quantity!)], -2);
    });

    it('one branch of all pairs, in the same network, finds the best pair', async () => {
      const { pair } = await learned({ pair: 4 }, { pair: Int32Array.of(0, 1, 2, 3) });
      assert.ok(largestGap(pair!, Float64Array.from(reward)) < 0.01, String(pair));
      assert.equal(reward[greatest(pair!)], 3);
    });
  });
});

const greatest = (values: Float32Array): number => values.indexOf(Math.max(...values));
