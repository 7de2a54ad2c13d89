import type { GateProfile } from '../../../src/domain/gate/types.js';
import { drawCycle } from './cycle.js';

export const TABLE_REPLICATES = 500;
const SHARPES = [0, 0.5, 1, 2] as const;
const TRIALS = [1, 5, 20] as const;
const BARS = [252, 1_260] as const;
const GAINS = [0, 1] as const;

/** Shares of candidates that are promoted, at a number of bars, a production's Sharpe and a candidate's gain over it. */
interface PowerRow {
  readonly bars: number;
  readonly sharpe: number;
  readonly gain: number;
  readonly evidence: number;
  readonly simple: number;
  readonly balanced: number;
  /** In order of `TRIALS`. */
  readonly strict: readonly number[];
}

/** Markdown of the false-promotion rates and the power of every profile, over production's Sharpe, trials and bars. */
export const powerTable = (market: Float64Array, origin: string, cycles: number): string => {
  const rows = BARS.flatMap((bars) => SHARPES.flatMap((sharpe) => GAINS.map((gain) => measure({ market, bars, sharpe, gain, cycles }))));
  return [
    ...HEADER(origin, cycles),
    '| bars | Sharpe of production | gain of the candidate | evidence rule | simple | balanced | strict, N = 1 | N = 5 | N = 20 |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map(lineOf),
    '',
  ].join('\n');
};

const HEADER = (origin: string, cycles: number): string[] => [
  '# What the gate promotes',
  '',
  `Written by \`npm run bench -- gate-aa --table docs/gate-power.md\`: ${cycles} cycles a row on ${origin}, ${TABLE_REPLICATES} bootstrap replicates (the product uses 2,000).`,
  '',
  'Each cycle compares a candidate with a production version by the gate of the product. Their daily returns are drawn by blocks from real ones: without',
  'drift, scaled to 10 % annual volatility, correlated by 0.9, with the true annual Sharpe ratios of the row. A gain of 0 is no improvement, so what',
  'is promoted there is promoted falsely; a gain of 1 is worth promoting. N is the number of trials since the last promotion, the others without skill.',
  'Costs are none and forgetting, drawdown and the baselines count as they do in the product. The evidence rule is shown at the confidence of balanced.',
  `A share of ${cycles} cycles has a standard error of at most ${(0.5 / Math.sqrt(cycles)).toFixed(3)}.`,
  '',
  'The returns of a gain of 1 differ by an annual Sharpe ratio of 1 / √(2 (1 − 0.9)) = √5. So even a test that knew their variance would show that gain over 252',
  'bars in Φ(√5 − 1.28) = 0.83 of the cycles at the confidence of balanced, 0.90, and in Φ(√5 − 1.645) = 0.72 at that of strict, 0.95; the difference is',
  'the price of not knowing it, and of returns that are not normal.',
  '',
];

interface Cell {
  readonly market: Float64Array;
  readonly bars: number;
  readonly sharpe: number;
  readonly gain: number;
  readonly cycles: number;
}

const measure = ({ market, bars, sharpe, gain, cycles }: Cell): PowerRow => {
  let evidence = 0;
  const promoted = { simple: 0, balanced: 0 };
  const strict = TRIALS.map(() => 0);
  for (let seed = 0; seed < cycles; seed++) {
    const options = { seed, market, bars, production: sharpe, candidate: sharpe + gain, bootstrapReplicates: TABLE_REPLICATES };
    const { decide } = drawCycle(options);
    const promotes = (profile: GateProfile, trials: number): number => (decide(profile, trials).verdict === 'PROMOTE' ? 1 : 0);
    if (decide('balanced', 1).rules.some(({ rule, passed }) => rule === 'evidence' && passed)) evidence++;
    promoted.simple += promotes('simple', 1);
    promoted.balanced += promotes('balanced', 1);
    TRIALS.forEach((trials, i) => (strict[i]! += promotes('strict', trials)));
  }
  const share = (count: number): number => count / cycles;
  return {
    bars,
    sharpe,
    gain,
    evidence: share(evidence),
    simple: share(promoted.simple),
    balanced: share(promoted.balanced),
    strict: strict.map(share),
  };
};

const lineOf = ({ bars, sharpe, gain, evidence, simple, balanced, strict }: PowerRow): string =>
  `| ${[bars, sharpe, `+${gain}`, ...[evidence, simple, balanced, ...strict].map((share) => share.toFixed(3))].join(' | ')} |`;
