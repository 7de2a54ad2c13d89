import type { ValidationReport } from '../../domain/validation/report.js';
import { mark, moment, number, percent } from '../figures.js';
import { histogramOf } from '../histogram.js';
import { embeddedJson, escapeHtml, figure, page, section, table } from '../html.js';
import { reportStyle } from '../style.js';
import { barChart, histogramChart } from '../svg/bar-chart.js';
import { intervalChart } from '../svg/interval-chart.js';

/** Splits beyond these would be bars too thin to see; the table has them all. */
const MOST_DRAWN = 40;

/** One self-contained page on a validation: every number with its chart, and all of them as JSON inside. The same report gives the same bytes. */
export const validationPage = (report: ValidationReport): string =>
  page(`${report.validationId}: ${report.method}`, reportStyle, [
    headerOf(report),
    '<div class="pair">',
    pathsSection(report),
    certaintySection(report),
    '</div>',
    splitsSection(report),
    pathTable(report),
    sourcesSection(report),
    embeddedJson('validation', report),
  ]);

const headerOf = (report: ValidationReport): string => {
  const { validationId, instrument, bucket, method, from, to, purgeBars, embargoBars, trials, groups, splits, paths } = report;
  const { sharpe, interquartileMean, overfitting } = report;
  const gap = `purge ${number(purgeBars, 0)} bars${embargoBars === 0 ? '' : `, embargo ${number(embargoBars, 0)}`}`;
  return [
    '<header>',
    `<h1>${escapeHtml(validationId)}</h1>`,
    `<p class="sub">${escapeHtml(`${instrument}, bucket ${bucket}, ${method}; ${moment(from)} to ${moment(to)}, ${gap}`)}</p>`,
    `<p class="lead">${escapeHtml(wordsOn(report))}</p>`,
    '<dl class="figures">',
    figure('Sharpe of the paths', number(sharpe?.mean ?? null), `deviation ${number(sharpe?.deviation ?? null)}`),
    figure('Paths not above zero', percent(sharpe?.notPositive ?? null, 0), `of ${number(paths.length, 0)}`),
    figure('Interquartile mean', number(interquartileMean?.value ?? null), 'over splits and seeds'),
    figure('Overfitting', percent(overfitting?.probability ?? null, 0), 'that the best seed is luck'),
    figure('Trainings', number(splits.length, 0), `${trials} of each split, ${groups} groups`),
    '</dl>',
    '</header>',
  ].join('\n');
};

/** What the numbers say of the recipe, in a sentence. */
const wordsOn = ({ interquartileMean }: ValidationReport): string => {
  if (interquartileMean === null) return 'Some trainings have no Sharpe ratio: what they are worth together cannot be measured.';
  const { value, lower, upper, confidence } = interquartileMean;
  const range = `a Sharpe ratio of ${number(value)}, within ${number(lower)} and ${number(upper)} at ${percent(confidence, 0)}`;
  if (lower > 0) return `The recipe finds something: the next seed may expect ${range}.`;
  return upper < 0 ? `The recipe loses: the next seed may expect ${range}.` : `Nothing is shown: the next seed may expect ${range}.`;
};

const pathsSection = ({ paths, sharpe }: ValidationReport): string => {
  const { edges, counts } = histogramOf(Float64Array.from(paths.flatMap((path) => path.sharpe ?? [])));
  return section(
    'Sharpe ratios of the paths',
    'Each path goes once through all that was judged, every part by a model that was not trained on it. A single backtest is one draw out of these.',
    counts.length === 0 ? '<p>The paths do not differ.</p>' : histogramChart('Paths by Sharpe ratio', edges, counts, mark),
    ...(sharpe === null
      ? []
      : [
          table(
            ['lowest', 'quarter', 'median', 'three quarters', 'highest'],
            [[sharpe.lowest, ...sharpe.quartiles, sharpe.highest].map((value) => number(value))],
            { from: 0, to: 5 },
          ),
        ]),
  );
};

const certaintySection = ({ sharpe, interquartileMean, overfitting, trials }: ValidationReport): string => {
  const [lower, median, upper] = sharpe?.quartiles ?? [null, null, null];
  const intervals = [
    { name: 'middle half', estimate: median, lower, upper },
    ...(interquartileMean === null ? [] : [{ name: 'next seed', estimate: interquartileMean.value, ...interquartileMean }]),
  ];
  return section(
    'How sure that is',
    'The middle half of the paths, and the interquartile mean over splits and seeds with its interval from a bootstrap over seeds.',
    intervalChart('Sharpe ratios with their bounds', intervals, mark),
    `<p class="note">${escapeHtml(
      overfitting === null
        ? `The probability of overfitting needs more than ${trials} trial of each split (evaluation.validation.trials).`
        : `The seed that is best on one half of a path is below the median on the other in ${percent(overfitting.probability, 0)} of ${number(overfitting.combinations, 0)} halvings, and loses there in ${percent(overfitting.lossProbability, 0)}. Near one half, choosing the best seed is choosing luck.`,
    )}</p>`,
  );
};

const splitsSection = ({ splits, trials }: ValidationReport): string => {
  const names = [...new Set(splits.map(({ split }) => split))];
  const groups = names.slice(0, MOST_DRAWN).map((name) => ({
    name,
    bars: splits
      .filter(({ split }) => split === name)
      .map(({ sharpe }) => ({ tone: (sharpe ?? 0) < 0 ? 'loss' : 'gain', value: sharpe ?? 0 })),
  }));
  return section(
    'Splits',
    `Sharpe ratio on the test ranges of each split, ${trials === 1 ? 'one training' : `${trials} trainings by other seeds`} each.`,
    barChart('Sharpe ratio by split', groups, mark),
    table(
      ['split', 'trial', 'bars', 'Sharpe', 'return', 'deepest drawdown', 'trades'],
      splits.map(({ split, trial, bars, sharpe, totalReturn, maxDrawdown, trades }) => [
        split,
        `${trial + 1}`,
        number(
          bars.reduce((sum, count) => sum + count, 0),
          0,
        ),
        number(sharpe),
        percent(totalReturn),
        percent(maxDrawdown),
        number(trades, 0),
      ]),
    ),
  );
};

const pathTable = ({ paths }: ValidationReport): string =>
  section(
    'Paths',
    '',
    table(
      ['path', 'trial', 'bars', 'Sharpe', 'return', 'deepest drawdown'],
      paths.map(({ path, trial, bars, sharpe, totalReturn, maxDrawdown }) => [
        `${path}`,
        `${trial + 1}`,
        number(bars, 0),
        number(sharpe),
        percent(totalReturn),
        percent(maxDrawdown),
      ]),
    ),
  );

const sourcesSection = ({ dataset, splits }: ValidationReport): string =>
  section(
    'Where the numbers come from',
    'The dataset by the hash of its bars, and each model and its returns by bar as artifacts, named by the SHA-256 of their content.',
    table(
      ['what', 'hash'],
      [['dataset', dataset], ...splits.flatMap(({ split, trial, bundle, returns }) => [[`${split}, trial ${trial + 1}: model`, bundle], [`${split}, trial ${trial + 1}: returns`, returns]])], // prettier-ignore
      { from: 2, to: 2 },
    ),
  );
