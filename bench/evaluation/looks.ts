import { parseArgs } from 'node:util';
import { judge } from '../../src/domain/gate/judge.js';
import type { Verdict } from '../../src/domain/gate/types.js';
import { gateEvidence } from '../../src/evaluation/evidence.js';
import { createRandom } from '../../src/learning/random.js';
import { backtestOf } from '../../test/support/evaluation/backtest-of.js';
import { settings } from '../../test/support/evaluation/gate-evidence.js';
import type { Bench } from '../figure.js';
import { CORRELATION, DAYS_PER_YEAR, monthlyRegimes, MONTH, resample, VOLATILITY } from './gate/cycle.js';
import { marketReturns } from './gate/market-returns.js';

/** Days of the first look, of a challenger's life after it, and between two looks. */
const FIRST = 252;
const LATER = 250;
const BETWEEN = 10;
const REPLICATES = 200;
const SHARPE = 1;
/** What profile balanced promises of a candidate that is no better. */
const FALSE_PROMOTIONS = 0.1;

/**
 * What looking again at held candidates does: of `--lives` (300) candidates, each judged after a year and, while it is held, every ten days of the
 * next, how many are ever promoted by the gate of the product. Without an improvement that must stay rare however often one looks; with bounds for a
 * single look it does not.
 */
export const looks: Bench = async (flags) => {
  const { values } = parseArgs({ args: [...flags], options: { lives: { type: 'string', default: '300' } } });
  const lives = Number(values.lives);
  const { returns: market, origin } = await marketReturns();
  process.stderr.write(`looks: ${lives} lives on ${origin}\n`);
  const share = (gain: number, holdsForAll: boolean): number => {
    let promoted = 0;
    for (let life = 0; life < lives; life++) if (liveThrough(market, life, gain, holdsForAll) === 'PROMOTE') promoted++;
    return promoted / lives;
  };
  const [falsely, peeked] = [share(0, true), share(0, false)];
  const rightly = share(1, true);
  const limit = FALSE_PROMOTIONS + 2 * Math.sqrt((FALSE_PROMOTIONS * (1 - FALSE_PROMOTIONS)) / lives);
  return [
    {
      figure: 'ever promoted without an improvement',
      value: falsely,
      unit: 'share',
      limit,
      ratio: falsely === 0 ? limit * lives : limit / falsely,
    },
    {
      figure: 'the same by bounds for one look',
      value: peeked,
      unit: 'share',
      peer: { name: 'always valid', value: falsely },
      ratio: falsely === 0 ? 0 : falsely / peeked,
    },
    { figure: 'ever promoted with +1 Sharpe', value: rightly, unit: 'share', peer: { name: 'without', value: falsely }, ratio: rightly / Math.max(falsely, 1 / lives) }, // prettier-ignore
  ];
};

/** The verdict that a candidate's life ends with. */
const liveThrough = (market: Float64Array, life: number, gain: number, holdsForAll: boolean): Verdict => {
  const random = createRandom(life, 'life');
  const days = FIRST + LATER;
  const common = resample(market, days, random);
  const daily = VOLATILITY / Math.sqrt(DAYS_PER_YEAR);
  const policy = (annualSharpe: number): Float64Array => {
    const own = resample(market, days, random);
    const drift = annualSharpe / Math.sqrt(DAYS_PER_YEAR);
    return own.map((value, day) => daily * (drift + Math.sqrt(CORRELATION) * common[day]! + Math.sqrt(1 - CORRELATION) * value));
  };
  const [candidate, production] = [policy(SHARPE + gain), policy(SHARPE)];
  const traded = resample(market, days + MONTH, random).map((value) => value * daily);
  const regimes = monthlyRegimes(traded);
  const verdictAt = (bars: number): Verdict => {
    const played = backtestOf(candidate.slice(0, bars), 1);
    const gate = settings({ profile: 'balanced' });
    const evidence = gateEvidence({
      candidate: played,
      stressed: played,
      production: backtestOf(production.slice(0, bars), 1),
      buyAndHold: backtestOf(traded.slice(MONTH, MONTH + bars), 1),
      regimes: regimes.slice(0, bars),
      periodsPerYear: DAYS_PER_YEAR,
      trials: { count: 1, sharpes: [] },
      servable: { loads: true, p99LatencyMs: 1, finite: true },
      gate,
      bootstrapReplicates: REPLICATES,
      random: createRandom(life, `bootstrap of ${bars}`),
      ...(bars > FIRST && holdsForAll ? { firstBars: FIRST } : {}),
    });
    return judge(evidence, gate).verdict;
  };
  for (let bars = FIRST; ; bars += BETWEEN) {
    const verdict = verdictAt(bars);
    if (verdict !== 'HOLD' || bars + BETWEEN > days) return verdict;
  }
};
