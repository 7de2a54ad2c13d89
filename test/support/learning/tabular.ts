import { createRandom } from '../../../src/learning/random.js';

/** A Markov decision process whose every transition is listed. */
export interface TabularTask {
  readonly states: number;
  readonly actions: number;
  readonly gamma: number;
  readonly transitions: readonly {
    readonly state: number;
    readonly action: number;
    readonly next: number;
    readonly probability: number;
    readonly reward: number;
    readonly end: boolean;
  }[];
}

export interface TabularOptions {
  readonly seed: number;
  readonly states: number;
  readonly actions: number;
  /** States that an action may lead to. */
  readonly successors: number;
}

/** A random task: normal rewards, random successors, and one transition in ten the last of its episode. */
export const randomTask = ({ seed, states, actions, successors }: TabularOptions): TabularTask => {
  const random = createRandom(seed, 'tabular');
  const transitions = Array.from({ length: states * actions }, (_, pair) => {
    const shares = Array.from({ length: successors }, () => 0.2 + random.uniform());
    const total = shares.reduce((sum, share) => sum + share);
    return shares.map((share) => ({
      state: Math.floor(pair / actions),
      action: pair % actions,
      next: random.integer(states),
      probability: share / total,
      reward: random.normal(),
      end: random.uniform() < 0.1,
    }));
  }).flat();
  return { states, actions, gamma: 0.9, transitions };
};

/** Q* [states × actions] by value iteration, to the last bit. */
export const valueIteration = ({ states, actions, gamma, transitions }: TabularTask): Float64Array => {
  let q = new Float64Array(states * actions);
  for (;;) {
    const next = new Float64Array(q.length);
    for (const { state, action, next: after, probability, reward, end } of transitions) {
      const best = Math.max(...q.subarray(after * actions, (after + 1) * actions));
      next[state * actions + action]! += probability * (reward + (end ? 0 : gamma * best));
    }
    const change = next.reduce((most, value, i) => Math.max(most, Math.abs(value - q[i]!)), 0);
    q = next;
    if (change < 1e-12) return q;
  }
};

/** Rows of zeros with a one at each row's index. */
export const oneHot = (indices: readonly number[], width: number): Float32Array => {
  const rows = new Float32Array(indices.length * width);
  indices.forEach((index, row) => (rows[row * width + index] = 1));
  return rows;
};
