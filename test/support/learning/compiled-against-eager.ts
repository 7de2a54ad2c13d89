import { createLearner, type LearnerOptions } from '../../../src/learning/create-learner.js';
import type { Batch, Learner, NamedTensor } from '../../../src/learning/learner.js';
import { noiseBatches, relativeDifferences } from './learner.js';

export interface Comparison {
  /** Steps compared, and those left out because two bins of some next state were equally good but for rounding. */
  readonly steps: number;
  readonly ties: number;
  /**
   * Share of parameters left out because all their gradients so far are rounding: Adam divides by the root of `v`, and where that is below 1e-4 of
   * its tensor's largest, it makes a step of whatever rounding left. Their moments are compared like all others.
   */
  readonly rounding: number;
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
  let [left, all] = [0, 0];
  for (const batch of noiseBatches(steps, options)) {
    eager.load(compiled.state());
    const tied = hasTie(compiled, batch, options);
    const [a, b] = [compiled.step(batch), eager.step(batch)];
    if (tied) {
      ties++;
      continue;
    }
    const expected = eager.state();
    const steady = compiled.state().map((tensor, i) => withoutRounding(tensor, expected[i]!, expected));
    for (const each of relativeDifferences(
      steady.map(({ tensor }) => tensor),
      expected,
    ))
      if (!(each.difference <= worst.difference)) worst = each;
    for (const { tensor, out } of steady) [left, all] = [left + out, all + tensor.values.length];
    const figures = (['loss', 'qLoss', 'auxiliaryLoss', 'gradientNorm'] as const).map((part) => [a[part], b[part]] as const);
    for (const [x, y] of [...figures, ...Array.from(a.tdErrors, (error, i) => [error, b.tdErrors[i]!] as const)])
      worstFigure = Math.max(worstFigure, Math.abs(x - y) / Math.max(1, Math.abs(y)));
  }
  compiled.dispose();
  eager.dispose();
  return { steps: steps - ties, ties, rounding: left / Math.max(1, all), worst, worstFigure };
};

/** A tensor with the other's value where Adam's step was of rounding; how many those are. */
const withoutRounding = (tensor: NamedTensor, other: NamedTensor, state: readonly NamedTensor[]): { tensor: NamedTensor; out: number } => {
  const [, parameter] = /^(?:online|target)\/(.+)$/.exec(tensor.name) ?? [];
  const roots = state.find(({ name }) => name === `adam/v/${parameter}`)?.values.map(Math.sqrt);
  if (roots === undefined) return { tensor, out: 0 };
  const least = 1e-4 * roots.reduce((most, root) => Math.max(most, root), 0);
  const values = tensor.values.map((value, i) => (roots[i]! < least ? other.values[i]! : value));
  return { tensor: { ...tensor, values }, out: roots.filter((root) => root < least && root > 0).length };
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
