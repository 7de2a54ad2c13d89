import type { RandomStream } from '../domain/ports.js';
import type { PathScore, SharpeDistribution, ValidationReport } from '../domain/validation/report.js';
import type { PathPart } from '../domain/validation/split.js';
import type { ConclusionRequest } from '../domain/validation/steps.js';
import { interquartileMean } from './statistics/interquartile-mean.js';
import { maxDrawdown } from './metrics/drawdown.js';
import { totalReturn } from './metrics/equity.js';
import { moments } from './metrics/moments.js';
import { sortedQuantile } from './metrics/tail-risk.js';
import { measureOverfitting } from './statistics/overfitting.js';
import { finiteOrNull, sharpeOrCash } from './policy-score.js';

export interface ValidationReportOptions extends ConclusionRequest {
  /** Returns by bar of each result, test range after test range. */
  readonly series: readonly Float64Array[];
  /** Of the bootstrap over seeds. */
  readonly replicates: number;
  readonly random: RandomStream;
}

const CONFIDENCE = 0.95;

/** Puts the tests of all splits together into paths and says what they show. Throws `RangeError` when a result of a split and trial is missing. */
export const validationReport = (options: ValidationReportOptions): ValidationReport => {
  const { validationId, instrument, bucket, method, plan, results, replicates, random } = options;
  const { from, to, purgeBars, embargoBars, trials, periodsPerYear, groups, splits } = plan;
  const histories = plan.paths.map((path) => Array.from({ length: trials }, (_, trial) => historyOf(options, path, trial)));
  const paths = histories.flatMap((byTrial, path) =>
    byTrial.map((returns, trial): PathScore => ({
      path: path + 1,
      trial,
      bars: returns.length,
      sharpe: finiteOrNull(sharpeOrCash(returns, periodsPerYear)),
      totalReturn: totalReturn(returns, 'additive'),
      maxDrawdown: maxDrawdown(returns, 'additive'),
    })),
  );
  const scores = splits.map(({ name }) => results.filter(({ split }) => split === name).map(({ sharpe }) => sharpe ?? NaN));
  return {
    validationId,
    instrument,
    bucket,
    method,
    dataset: plan.dataset.id,
    from,
    to,
    purgeBars,
    embargoBars,
    trials,
    groups: groups.length,
    splits: results,
    paths,
    sharpe: distributionOf(paths.flatMap(({ sharpe }) => sharpe ?? [])),
    interquartileMean: scores.flat().every(Number.isFinite)
      ? interquartileMean({ scores, replicates, confidence: CONFIDENCE, random })
      : null,
    overfitting: trials < 2 ? null : meanOverfitting(histories, plan.blocks),
  };
};

/** Returns of one trial along a path. */
const historyOf = ({ plan, results, series }: ValidationReportOptions, path: readonly PathPart[], trial: number): Float64Array => {
  const parts = path.map(({ group, split }) => {
    const { name, tested } = plan.splits[split]!;
    const at = results.findIndex((result) => result.split === name && result.trial === trial);
    const result = results[at];
    if (result === undefined)
      throw new RangeError(`there is no result of ${name}, trial ${trial + 1}: expected one for each split and trial`);
    const place = tested.indexOf(group);
    const before = result.bars.slice(0, place).reduce((sum, count) => sum + count, 0);
    return series[at]!.subarray(before, before + result.bars[place]!);
  });
  const history = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (history.set(part, at), at + part.length), 0);
  return history;
};

const distributionOf = (sharpes: readonly number[]): SharpeDistribution | null => {
  if (sharpes.length === 0) return null;
  const sorted = Float64Array.from(sharpes).sort();
  const { mean, variance } = moments(sorted);
  return {
    count: sorted.length,
    mean,
    deviation: finiteOrNull(Math.sqrt(variance)),
    lowest: sorted[0]!,
    quartiles: [sortedQuantile(sorted, 0.25), sortedQuantile(sorted, 0.5), sortedQuantile(sorted, 0.75)],
    highest: sorted.at(-1)!,
    notPositive: sorted.filter((sharpe) => sharpe <= 0).length / sorted.length,
  };
};

const meanOverfitting = (histories: readonly (readonly Float64Array[])[], blocks: number): ValidationReport['overfitting'] => {
  const found = histories.map((trials) => measureOverfitting({ trials, blocks }));
  const mean = (of: (one: (typeof found)[number]) => number): number => found.reduce((sum, one) => sum + of(one), 0) / found.length;
  return {
    probability: mean(({ probability }) => probability),
    lossProbability: mean(({ lossProbability }) => lossProbability),
    combinations: found[0]?.combinations ?? 0,
  };
};
