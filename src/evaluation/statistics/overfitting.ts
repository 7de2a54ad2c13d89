import { combinations } from '../../domain/validation/combinations.js';

export interface OverfittingOptions {
  /** Net returns by bar of each trial, on the same bars. */
  readonly trials: readonly Float64Array[];
  /** An even number of blocks of bars that follow one another; half of them select, half of them test. */
  readonly blocks: number;
}

/** How far the choice of the best of several trials is a choice of luck. */
export interface Overfitting {
  /** Probability that the trial which is best on one half of the bars is no better than the median on the other half. */
  readonly probability: number;
  /** Probability that it loses there. */
  readonly lossProbability: number;
  /** Ways in which the blocks were halved. */
  readonly combinations: number;
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado & Zhu 2015): for each choice of
 * half of the blocks the trial with the highest Sharpe ratio there is ranked among all in the other half, w = rank / (N + 1), and overfit when
 * ln(w / (1 - w)) ≤ 0. Throws `RangeError` for fewer than two trials, series of different length, and blocks that are odd or longer than the bars.
 */
export const measureOverfitting = ({ trials, blocks }: OverfittingOptions): Overfitting => {
  assertOptions(trials, blocks);
  const sums = trials.map((returns) => blockSums(returns, blocks));
  const all = [...Array(blocks).keys()];
  const halves = combinations(blocks, blocks / 2);
  const [selected, tested] = [new Float64Array(trials.length), new Float64Array(trials.length)];
  let [overfit, lost] = [0, 0];
  for (const half of halves) {
    const other = all.filter((block) => !half.includes(block));
    sums.forEach((trial, i) => {
      selected[i] = sharpeOf(trial, half);
      tested[i] = sharpeOf(trial, other);
    });
    const best = selected.indexOf(selected.reduce((most, value) => Math.max(most, value), -Infinity));
    const won = tested[best]!;
    const rank = 1 + tested.reduce((below, value, i) => below + (i === best ? 0 : value < won ? 1 : value === won ? 0.5 : 0), 0);
    if (2 * rank <= trials.length + 1) overfit++; // w ≤ 1/2
    if (won < 0) lost++;
  }
  return { probability: overfit / halves.length, lossProbability: lost / halves.length, combinations: halves.length };
};

/** Number of bars, sum and sum of squares of each block, end to end. */
const blockSums = (returns: Float64Array, blocks: number): Float64Array => {
  const sums = new Float64Array(3 * blocks);
  for (let block = 0; block < blocks; block++) {
    const from = Math.floor((block * returns.length) / blocks);
    const to = Math.floor(((block + 1) * returns.length) / blocks);
    for (let bar = from; bar < to; bar++) {
      const value = returns[bar]!;
      sums[3 * block + 1]! += value;
      sums[3 * block + 2]! += value * value;
    }
    sums[3 * block] = to - from;
  }
  return sums;
};

/** Sharpe ratio per bar (ddof 1) over some blocks; 0 for returns that do not vary. */
const sharpeOf = (sums: Float64Array, blocks: readonly number[]): number => {
  let [count, sum, squares] = [0, 0, 0];
  for (const block of blocks) {
    count += sums[3 * block]!;
    sum += sums[3 * block + 1]!;
    squares += sums[3 * block + 2]!;
  }
  const mean = sum / count;
  const variance = (squares - sum * mean) / (count - 1);
  return variance > 0 ? mean / Math.sqrt(variance) : 0;
};

const assertOptions = (trials: readonly Float64Array[], blocks: number): void => {
  const [first, ...others] = trials;
  if (first === undefined || others.length === 0)
    throw new RangeError(`${trials.length} trials cannot be chosen among: expected at least two`);
  const different = others.find(({ length }) => length !== first.length);
  if (different !== undefined)
    throw new RangeError(`trials have ${first.length} and ${different.length} bars: expected the same bars for all`);
  if (!(Number.isInteger(blocks) && blocks >= 2 && blocks % 2 === 0 && 2 * blocks <= first.length))
    throw new RangeError(`${blocks} blocks of ${first.length} bars are not valid: expected an even number, of at least two bars each`);
};
