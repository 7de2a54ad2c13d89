import assert from 'node:assert/strict';
import { validationReport } from '../../src/evaluation/validation-report.js';
import type { SplitResult, ValidationPlan } from '../../src/domain/validation/steps.js';
import { sharpe } from '../../src/evaluation/metrics/sharpe.js';
import { createRandom } from '../../src/learning/random.js';
import { near } from '../support/near.js';
import { splitResult, validationPlan } from '../support/evaluation/validation.js';

/** Results of all splits and trials, whose returns say where they are from: 100 × split + 10 × group + trial, in basis points. */
const told = (plan: ValidationPlan): { results: SplitResult[]; series: Float64Array[] } => {
  const results = plan.splits.flatMap(({ name }) => Array.from({ length: plan.trials }, (_, trial) => splitResult({ split: name, trial })));
  const series = results.map(({ split, trial }) => {
    const at = plan.splits.findIndex(({ name }) => name === split);
    const parts = plan.splits[at]!.tested.map((group) => new Float64Array(60).fill((100 * at + 10 * group + trial) / 10_000));
    return Float64Array.from(parts.flatMap((part) => [...part]));
  });
  return { results, series };
};

const report = (plan: ValidationPlan, { results, series } = told(plan)) =>
  validationReport({
    validationId: 'validate-ES-000001',
    instrument: 'ES',
    bucket: 'default',
    key: 'key',
    method: 'cpcv',
    plan,
    results,
    series,
    replicates: 200,
    random: createRandom(1, 'validation'),
  });

/** Results and series of seeded noise around a mean per bar for each trial. */
const noisy = (plan: ValidationPlan, means: readonly number[]) => {
  const { results } = told(plan);
  const random = createRandom(4, 'noise');
  const series = results.map(({ trial }) => Float64Array.from({ length: 120 }, () => means[trial]! + random.normal() / 1_000));
  return { results: results.map((result, i) => ({ ...result, sharpe: sharpe(series[i]!, plan.periodsPerYear) })), series };
};

describe('validationReport', () => {
  it('puts each path together from the splits that it names, group after group', () => {
    const plan = validationPlan();
    const { paths } = report(plan);
    assert.deepEqual([paths.length, paths[0]!.bars], [3 * 2, 4 * 60]);
    for (const { path, trial, totalReturn } of paths) {
      const parts = plan.paths[path - 1]!.map(({ split, group }) => 60 * ((100 * split + 10 * group + trial) / 10_000));
      near(totalReturn, parts.reduce((sum, part) => sum + part, 0)); // prettier-ignore
    }
  });

  it('spreads the Sharpe ratios of all paths and trials', () => {
    const plan = validationPlan();
    const { sharpe: spread, paths } = report(plan, noisy(plan, [0.0002, -0.0002]));
    const sharpes = paths.map((path) => path.sharpe!).sort((a, b) => a - b);
    assert.ok(spread !== null);
    assert.deepEqual([spread.count, spread.lowest, spread.highest], [6, sharpes[0], sharpes[5]]);
    near(spread.mean, sharpes.reduce((sum, value) => sum + value, 0) / 6); // prettier-ignore
    near(spread.quartiles[1], (sharpes[2]! + sharpes[3]!) / 2);
    assert.equal(spread.notPositive, sharpes.filter((value) => value <= 0).length / 6);
  });

  it('does not call the choice of a trial luck that is better everywhere, and has nothing to say of a single one', () => {
    const plan = validationPlan();
    const { overfitting, interquartileMean } = report(plan, noisy(plan, [0.001, -0.001]));
    assert.equal(overfitting?.probability, 0);
    assert.ok(interquartileMean !== null && interquartileMean.lower <= interquartileMean.value);
    const single = validationPlan({ trials: 1 });
    assert.equal(report(single, noisy(single, [0.001])).overfitting, null);
  });

  it('has null, not a number, where a split has no Sharpe ratio', () => {
    const plan = validationPlan();
    const { results, series } = noisy(plan, [0, 0]);
    const without = results.map((result, i) => (i === 3 ? { ...result, sharpe: null } : result));
    assert.equal(report(plan, { results: without, series }).interquartileMean, null);
  });

  it('refuses to conclude without the result of one split and trial', () => {
    const plan = validationPlan();
    const { results, series } = told(plan);
    assert.throws(
      () => report(plan, { results: results.slice(0, -1), series: series.slice(0, -1) }),
      /there is no result of s06, trial 2: expected one for each split and trial/,
    );
  });
});
