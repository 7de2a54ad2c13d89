import assert from 'node:assert/strict';
import { environmentConfig } from '../../src/config/sections/training.js';
import { judge } from '../../src/domain/gate/judge.js';
import type { GateProfile, Verdict } from '../../src/domain/gate/types.js';
import type { Instrument } from '../../src/domain/market/instrument.js';
import type { Backtest } from '../../src/evaluation/backtest/backtest-record.js';
import { evaluateModels } from '../../src/evaluation/evaluate-models.js';
import { gateEvidence } from '../../src/evaluation/evidence.js';
import { targetPositions } from '../../src/evaluation/policies/target-positions.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { createRandom } from '../../src/learning/random.js';
import { backtestOf } from '../support/evaluation/backtest-of.js';
import { settings } from '../support/evaluation/gate-evidence.js';
import { pairedReturns } from '../support/evaluation/paired-returns.js';
import { costlyInstrument, randomBars } from '../support/market/random-bars.js';

const config = environmentConfig.parse({ lookback: 1, lossLimit: 10, priceBins: 255 });
const bins = { price: config.priceBins, quantity: config.quantityBins };
const servable = { loads: true, p99LatencyMs: 1, finite: true };
const cycles = 200;
const promotions = (verdicts: readonly Verdict[]): number => verdicts.filter((verdict) => verdict === 'PROMOTE').length;
/** What a rate may come to by chance: two standard errors above it. */
const atMost = (rate: number): number => cycles * rate + 2 * Math.sqrt(cycles * rate * (1 - rate));

interface Cycle {
  readonly seed: number;
  readonly instrument: Instrument;
  readonly profile: GateProfile;
  /** Share of bars whose next move the policy knows; it guesses the others. */
  readonly known: number;
}

/** One cycle from bars to verdict: a first version that holds each guess for five bars of a market without drift. */
const firstVersion = async ({ seed, instrument, profile, known }: Cycle): Promise<Verdict> => {
  const bars = randomBars({ seed, sessions: 25, barsPerSession: 31 });
  const random = createRandom(seed, 'guesses');
  const targets = new Float64Array(bars.length);
  for (let t = 0; t < bars.length; t += 5) {
    const move = bars.close[Math.min(t + 5, bars.length - 1)]! - bars.close[t]!;
    const side = random.uniform() < known ? Math.sign(move) : random.uniform() < 0.5 ? -1 : 1;
    targets.fill(side, t, t + 5);
  }
  const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 0);
  const gate = settings({ profile });
  const { evidence } = await evaluateModels({
    bars,
    instrument,
    sessions,
    candidate: { policy: targetPositions(targets, bins), config, horizon: 5 },
    production: null,
    trials: { count: 1, sharpes: [] },
    servable,
    gate,
    bootstrapReplicates: 200,
    random: createRandom(seed, 'bootstrap'),
  });
  return judge(evidence, gate).verdict;
};

/** One cycle against a production of true annual Sharpe 1: 252 daily bars of correlation 0.9, the market without drift. */
const challenger = (seed: number, profile: GateProfile, candidateSharpe: number, bars = 252): Verdict => {
  const random = createRandom(seed, 'challenger');
  const perBar = (annual: number): number => annual / Math.sqrt(252);
  const { candidate, reference } = pairedReturns(random, {
    bars,
    correlation: 0.9,
    candidate: perBar(candidateSharpe),
    reference: perBar(1),
  });
  const play = (returns: Float64Array): Backtest =>
    backtestOf(
      returns.map((value) => value / 100),
      1,
    );
  const gate = settings({ profile });
  const evidence = gateEvidence({
    candidate: play(candidate),
    production: play(reference),
    buyAndHold: play(Float64Array.from({ length: bars }, () => random.normal())),
    stressed: play(candidate.map((value) => value - 0.005)),
    regimes: Array.from({ length: bars }, () => `regime ${random.integer(9)}`),
    periodsPerYear: 252,
    trials: { count: 1, sharpes: [] },
    servable,
    gate,
    bootstrapReplicates: 200,
    random,
  });
  return judge(evidence, gate).verdict;
};

const free = { ...costlyInstrument, feeRate: 0, feePerUnit: 0, slippageBps: 0, spreadTicks: 0, impactBps: 0 };
const cheap = { ...free, feeRate: 0.00005 };
const seeds = Array.from({ length: cycles }, (_, seed) => seed);

describe('the gate over many cycles', () => {
  for (const [costs, instrument] of [
    ['no costs', free],
    ['costs', cheap],
  ] as const)
    // prettier-ignore
    it(`promotes at most one in ten first versions without skill, with ${costs}, in the balanced profile`, async () => {
      const verdicts = await Promise.all(seeds.map((seed) => firstVersion({ seed, instrument, profile: 'balanced', known: 0 })));
      assert.ok(promotions(verdicts) <= atMost(0.1), `${promotions(verdicts)} of ${cycles}`);
    });

  it('promotes far more of them in the simple profile, which asks for no evidence', async () => {
    const verdicts = await Promise.all(seeds.map((seed) => firstVersion({ seed, instrument: free, profile: 'simple', known: 0 })));

    assert.ok(promotions(verdicts) > 0.2 * cycles, `${promotions(verdicts)} of ${cycles}`);
  });

  it('promotes nine in ten first versions that know half of what comes', async () => {
    const verdicts = await Promise.all(seeds.map((seed) => firstVersion({ seed, instrument: cheap, profile: 'balanced', known: 0.5 })));

    assert.ok(promotions(verdicts) >= 0.9 * cycles, `${promotions(verdicts)} of ${cycles}`);
  });

  it('promotes at most one in ten challengers that are no better than production, and one in twenty in the strict profile', () => {
    const balanced = promotions(seeds.map((seed) => challenger(seed, 'balanced', 1)));
    const strict = promotions(seeds.map((seed) => challenger(seed, 'strict', 1)));
    assert.ok(balanced <= atMost(0.1), `${balanced} of ${cycles}`);
    assert.ok(strict <= atMost(0.05), `${strict} of ${cycles}`);
  });

  it('promotes seven in ten challengers that are better by an annual Sharpe of 1, over five years of days, in the strict profile', () => {
    const verdicts = seeds.slice(0, 60).map((seed) => challenger(seed, 'strict', 2, 1_260));

    assert.ok(promotions(verdicts) >= 42, `${promotions(verdicts)} of 60`);
  });
});
