import type { AgentConfig } from '../../../src/config/sections/training.js';
import { createLearner, type LearnerOptions } from '../../../src/learning/create-learner.js';
import { SINCE_COPY } from '../../../src/learning/learner-step.js';
import type { Batch, Learner, NamedTensor } from '../../../src/learning/learner.js';
import { noiseBatches } from './learner.js';

/** Largest difference of an element beside the largest of its tensor: rounding in another order. */
export const LIMIT = 3e-5;

/** Half a unit in the last place of float32: below that share of the largest moment of all tensors, a sum is what rounding left of it. */
const ROUNDING = 2 ** -24;

export interface Comparison {
  /** Steps compared, and those left out because two bins of some next state were equally good but for rounding. */
  readonly steps: number;
  readonly ties: number;
  /**
   * Share of parameters that differ by more than `LIMIT` only because Adam divides by the root of `v`, which makes a step of the size of the learning
   * rate also of a gradient that is next to nothing beside its tensor's, rounding included. They are compared less what Adam makes of their moments.
   */
  readonly amplified: number;
  /** Tensors that differ by more than `LIMIT` of their largest element, but by less than a rounding of their kind's largest: all their sums cancelled. */
  readonly cancelled: number;
  /** Largest difference of a parameter or optimizer slot after a step, beside the largest element of its tensor. */
  readonly worst: { readonly name: string; readonly difference: number };
  /** Largest difference of a loss part, the gradient norm or a TD error beside the larger of it and 1. */
  readonly worstFigure: number;
}

/** Takes single steps of the compiled and of the eager learner, each from the same loaded state, with one batch after the other. */
export const compareCompiledToEager = async (options: LearnerOptions, steps: number): Promise<Comparison> => {
  const compiled = await createLearner({ ...options, actBatch: options.batchSize, backend: 'compiled' });
  const eager = await createLearner({ ...options, actBatch: options.batchSize, backend: 'eager' });
  let ties = 0;
  let worst: Comparison['worst'] = { name: 'none', difference: 0 };
  let worstFigure = 0;
  let [amplified, cancelled, all] = [0, 0, 0];
  for (const batch of noiseBatches(steps, options)) {
    eager.load(compiled.state());
    const tied = hasTie(compiled, batch, options);
    const [a, b] = [compiled.step(batch), eager.step(batch)];
    if (tied) {
      ties++;
      continue;
    }
    const [ours, expected] = [compiled.state(), eager.state()];
    for (const tensor of expected) all += tensor.values.length;
    for (const found of differences(ours, expected, options)) {
      amplified += found.amplified;
      if (found.cancelled) cancelled++;
      else if (!(found.difference <= worst.difference)) worst = { name: found.name, difference: found.difference };
    }
    const figures = (['loss', 'qLoss', 'auxiliaryLoss', 'gradientNorm'] as const).map((part) => [a[part], b[part]] as const);
    for (const [x, y] of [...figures, ...Array.from(a.tdErrors, (error, i) => [error, b.tdErrors[i]!] as const)])
      worstFigure = Math.max(worstFigure, Math.abs(x - y) / Math.max(1, Math.abs(y)));
  }
  compiled.dispose();
  eager.dispose();
  return { steps: steps - ties, ties, amplified: amplified / Math.max(1, all), cancelled, worst, worstFigure };
};

export interface Difference {
  readonly name: string;
  /** Beside the tensor's largest element. */
  readonly difference: number;
  readonly amplified: number;
  readonly cancelled: boolean;
}

/** How two states after a step differ, tensor by tensor; of parameters without what Adam makes of the difference of their moments. */
export const differences = (
  ours: readonly NamedTensor[],
  expected: readonly NamedTensor[],
  { agent }: Pick<LearnerOptions, 'agent'>,
): Difference[] => {
  const largest = ({ values }: NamedTensor): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const kindOf = ({ name }: NamedTensor): string => /^(?:online|target|adam\/m|adam\/v)/.exec(name)?.[0] ?? name;
  const ofKind = new Map<string, number>();
  for (const tensor of expected) ofKind.set(kindOf(tensor), Math.max(largest(tensor), ofKind.get(kindOf(tensor)) ?? 0));
  const [ourMoves, theirMoves] = [adamMoves(ours, agent), adamMoves(expected, agent)];
  const copied = ours.find(({ name }) => name === SINCE_COPY)?.values[0];
  const followed = copied === undefined ? agent.polyak : copied === 0 ? 1 : 0;
  return expected.map((tensor, t) => {
    const [, kind, parameter] = /^(online|target)\/(.+)$/.exec(tensor.name) ?? [];
    const share = kind === 'online' ? 1 : kind === 'target' ? followed : 0;
    const scale = largest(tensor);
    const [ourMove, theirMove] = parameter === undefined ? [null, null] : [ourMoves(parameter), theirMoves(parameter)];
    let [gap, amplified] = [0, 0];
    tensor.values.forEach((value, i) => {
      const apart = ours[t]!.values[i]! - value;
      const plain = Math.abs(apart);
      const rest = ourMove === null ? plain : Math.min(plain, Math.abs(apart + share * (ourMove[i]! - theirMove[i]!)));
      if (plain > LIMIT * scale && rest <= LIMIT * scale) amplified++;
      gap = Math.max(gap, rest);
    });
    const difference = gap === 0 ? 0 : gap / scale;
    return { name: tensor.name, difference, amplified, cancelled: difference > LIMIT && gap <= ROUNDING * ofKind.get(kindOf(tensor))! };
  });
};

/** What Adam has just subtracted from each element of a parameter, by the moments in a state. */
const adamMoves = (state: readonly NamedTensor[], { learningRate }: AgentConfig): ((parameter: string) => Float64Array) => {
  const values = new Map(state.map((tensor) => [tensor.name, tensor.values]));
  const step = values.get('adam/step')![0]!;
  const rate = (learningRate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
  return (parameter) => {
    const v = values.get(`adam/v/${parameter}`)!;
    return Float64Array.from(values.get(`adam/m/${parameter}`)!, (m, i) => (rate * m) / (Math.sqrt(v[i]!) + 1e-8));
  };
};

/** Whether two bins of some next state are equally good but for rounding, so that two correct nets may choose differently. */
const hasTie = (learner: Learner, { nextBars, nextPrivateState }: Batch, { bins }: LearnerOptions): boolean => {
  const { price, quantity } = learner.act(nextBars, nextPrivateState);
  const tied = (values: Float32Array, width: number): boolean =>
    Array.from({ length: values.length / width }, (_, row) =>
      [...values.subarray(row * width, (row + 1) * width)].sort((a, b) => b - a),
    ).some(([first, second]) => first! - second! <= 1e-6 * Math.max(1, Math.abs(first!)));
  return tied(price, bins.price) || tied(quantity, bins.quantity);
};
