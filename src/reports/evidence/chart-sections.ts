import { mark, number, percent, percentMark } from '../figures.js';
import { legend, section, table } from '../html.js';
import { barChart, histogramChart } from '../svg/bar-chart.js';
import { intervalChart } from '../svg/interval-chart.js';
import { lineChart } from '../svg/line-chart.js';
import type { EvidencePack } from './pack.js';

const CANDIDATE = { name: 'candidate', tone: 'candidate' };
const PRODUCTION = { name: 'production', tone: 'production' };
const MARKET = { name: 'buy and hold', tone: 'market' };

/** Equity and drawdown over the evaluation. */
export const equitySection = ({ curves }: EvidencePack): string => {
  const { times, candidate, production, buyAndHold } = curves;
  const drawn = [
    { ...CANDIDATE, curve: candidate },
    ...(production === null ? [] : [{ ...PRODUCTION, curve: production }]),
    { ...MARKET, curve: buyAndHold },
  ];
  const lines = (key: 'equity' | 'drawdown') => drawn.map(({ name, tone, curve }) => ({ name, tone, values: curve[key] }));
  return section(
    'Equity and drawdown',
    'Profit after all costs as a share of cash, which is the same at the start of every session; below, how far it lies under its peak.',
    legend(drawn),
    lineChart({ label: 'Equity', lines: lines('equity'), times, format: percentMark }),
    lineChart({ label: 'Drawdown', lines: lines('drawdown'), times, format: percentMark, filled: true }),
  );
};

/** The difference in Sharpe from each thing that was compared with, with its bounds. */
export const sharpeSection = ({ evidence, subject }: EvidencePack): string => {
  const { difference, baselines } = evidence;
  const intervals = [
    ...(subject.production === null ? [] : [{ name: 'production', ...difference }]),
    { name: 'cash', ...baselines.cash.difference },
    { name: 'buy and hold', ...baselines.buyAndHold.difference },
  ];
  return section(
    'Sharpe beyond',
    `Annualised; each bound holds with ${percent(difference.confidence, 0)} confidence. Evidence is a lower bound above zero.`,
    intervalChart('Differences in Sharpe with their bounds', intervals, mark),
    table(
      ['candidate less', 'estimate', 'at least', 'at most'],
      intervals.map(({ name, estimate, lower, upper }) => [name, number(estimate), number(lower), number(upper)]),
    ),
  );
};

/** How the sessions differ. */
export const differencesSection = ({ differences, subject, evidence }: EvidencePack): string =>
  section(
    'Difference by session',
    `Return of the candidate less that of ${subject.production === null ? 'cash' : 'production'}: ${percent(differences.mean, 3)} on average, above zero in ${percent(differences.positive, 0)} of ${evidence.sessions} sessions.`,
    differences.counts.length === 0
      ? '<p>No session differs.</p>'
      : histogramChart('Sessions by difference in return', differences.edges, differences.counts, percentMark),
  );

/** Returns by kind of market. */
export const regimesSection = ({ regimes, subject }: EvidencePack): string => {
  const withProduction = subject.production !== null;
  const groups = regimes.map(({ regime, candidate, production }) => ({
    name: regime,
    bars: [
      { tone: 'candidate', value: candidate.totalReturn },
      ...(production === null ? [] : [{ tone: 'production', value: production.totalReturn }]),
    ],
  }));
  return section(
    'Regimes',
    'Sessions by thirds of their volatility and of their trend; the returns of all regimes add up to the whole.',
    legend(withProduction ? [CANDIDATE, PRODUCTION] : [CANDIDATE]),
    barChart('Return by regime', groups, percentMark),
    table(
      ['regime', 'sessions', 'return', 'Sharpe', ...(withProduction ? ['production’s return', 'Sharpe'] : [])],
      regimes.map(({ regime, sessions, candidate, production }) => [
        regime,
        number(sessions, 0),
        percent(candidate.totalReturn),
        number(candidate.sharpe),
        ...(production === null ? [] : [percent(production.totalReturn), number(production.sharpe)]),
      ]),
    ),
  );
};

const NAMES = { candidate: 'candidate', production: 'production', buyAndHold: 'buy and hold' } as const;

/** What was earned before and after each cost. */
export const costsSection = ({ costs, evidence, settings }: EvidencePack): string =>
  section(
    'Costs',
    `Gross − fee − spread − slippage − impact = net, in currency. At ${number(settings.costStress, 1)} times the costs the candidate earns ${percent(evidence.stressedReturn)} of cash, Sharpe ${number(evidence.stressedSharpe)}. The last column is the multiple of the costs at which nothing would be left.`,
    table(
      ['', 'gross', 'fee', 'spread', 'slippage', 'impact', 'net', 'break-even'],
      costs.map(({ who, gross, fee, spread, slippage, impact, net, breakEven }) => [
        NAMES[who],
        ...[gross, fee, spread, slippage, impact, net].map((value) => number(value, 0)),
        breakEven === null ? '–' : `${number(breakEven)} ×`,
      ]),
    ),
  );
