import Table from 'cli-table3';
import { percent } from '../../domain/gate/wording.js';
import type { ValidationReport } from '../../domain/validation/report.js';
import { figure } from '../terminal/figures.js';
import type { Style } from '../terminal/style.js';

/** A validation's report for people: what the paths showed, how sure that is, and each split. */
export const describeValidation = (report: ValidationReport, style: Style): string => {
  const { validationId, method, from, to, purgeBars, embargoBars, splits, paths, trials } = report;
  return [
    style.bold(`${validationId}: ${method}, ${splits.length} trainings, ${paths.length} paths`),
    style.dim(`bars from ${from} to ${to}, purge ${purgeBars} bars${embargoBars === 0 ? '' : `, embargo ${embargoBars}`}, ${trials} trials of each split`),
    '',
    ...distributionLines(report),
    '',
    splitTable(report),
  ].join('\n'); // prettier-ignore
};

const distributionLines = ({ sharpe, interquartileMean, overfitting }: ValidationReport): string[] => [
  sharpe === null
    ? 'Sharpe of the paths: not measurable'
    : `Sharpe of the paths: mean ${figure(sharpe.mean)}, deviation ${figure(sharpe.deviation)}, from ${figure(sharpe.lowest)} over ${sharpe.quartiles.map(figure).join(', ')} to ${figure(sharpe.highest)}; ${percent(sharpe.notPositive)} not above zero`,
  interquartileMean === null
    ? 'Interquartile mean over splits and seeds: not measurable'
    : `Interquartile mean over splits and seeds: ${figure(interquartileMean.value)}, within ${figure(interquartileMean.lower)} and ${figure(interquartileMean.upper)} at ${percent(interquartileMean.confidence)}`,
  overfitting === null
    ? 'Probability of overfitting: needs more than one trial (evaluation.validation.trials)'
    : `Probability that the best trial is luck: ${percent(overfitting.probability)}; that it loses: ${percent(overfitting.lossProbability)} (${overfitting.combinations} halvings)`,
];

const splitTable = ({ splits }: ValidationReport): string => {
  const table = new Table({
    head: ['split', 'trial', 'bars', 'Sharpe', 'return', 'drawdown', 'trades'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { split, trial, bars, sharpe, totalReturn, maxDrawdown, trades } of splits) {
    const count = bars.reduce((sum, some) => sum + some, 0);
    table.push([split, trial + 1, figure(count), figure(sharpe), percent(totalReturn), percent(maxDrawdown), figure(trades)]);
  }
  return table.toString();
};
