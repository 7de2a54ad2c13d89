import assert from 'node:assert/strict';
import { environmentConfig } from '../../src/config/sections/training.js';
import { evaluateModels, type EvaluatedModel, type EvaluationOptions } from '../../src/evaluation/evaluate-models.js';
import { flatPolicy } from '../../src/evaluation/policies/flat-policy.js';
import { targetPositions } from '../../src/evaluation/policies/target-positions.js';
import { regimeSlices } from '../../src/evaluation/regime-slices.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { createRandom } from '../../src/learning/random.js';
import { settings } from '../support/evaluation/gate-evidence.js';
import { near } from '../support/near.js';
import { costlyInstrument, randomBars } from '../support/market/random-bars.js';

const config = environmentConfig.parse({ lookback: 1, lossLimit: 10 });
const bins = { price: config.priceBins, quantity: config.quantityBins };
const bars = randomBars({ seed: 8, sessions: 30 });
const sessions = tradableSessions(bars, { from: 300, to: bars.length }, 0);
const moves = Float64Array.from(bars.close, (_, t) => Math.sign((bars.close[t + 1] ?? 0) - bars.close[t]!));
const following = (targets: Float64Array): EvaluatedModel => ({ policy: targetPositions(targets, bins), config, horizon: 5 });
const options = (candidate: EvaluatedModel, production: EvaluatedModel | null): EvaluationOptions => ({
  bars,
  instrument: costlyInstrument,
  sessions,
  candidate,
  production,
  trials: { count: 1, sharpes: [] },
  servable: { loads: true, p99LatencyMs: 1, finite: true },
  gate: settings(),
  bootstrapReplicates: 200,
  random: createRandom(1, 'bootstrap'),
});

describe('evaluateModels', () => {
  it('plays all on the held-out sessions alone, the stressed candidate at twice the costs', async () => {
    const { candidate, stressed, production, buyAndHold, regimes, evidence } = await evaluateModels(
      options(following(moves), following(moves.map((move) => -move))),
    );
    for (const run of [candidate, stressed, production!, buyAndHold]) assert.equal(run.sessions, sessions);
    assert.equal(regimes.length, sessions.length);
    assert.ok(stressed.costs.fee > 1.9 * candidate.costs.fee);
    assert.ok(evidence.stressedReturn! < evidence.candidate.totalReturn);
    assert.ok(evidence.candidate.totalReturn > evidence.production!.totalReturn);
    near(evidence.candidate.totalReturn * config.cash, candidate.net, 1e-9);
    assert.equal(evidence.periodsPerYear, 29 * 365); // sessions on every day of the week
  });

  it('scores each model in the terms that it was trained for: twice the cash, the same fractions', async () => {
    const lots = { ...costlyInstrument, lotSize: 1e-9, impactBps: 0 };
    const richer = { ...following(moves), config: { ...config, cash: 2 * config.cash } };
    const { evidence } = await evaluateModels({ ...options(following(moves), richer), instrument: lots });
    near(evidence.production!.totalReturn, evidence.candidate.totalReturn, 1e-6);
    assert.ok(Math.abs(evidence.difference.estimate!) < 1e-4);
  });

  it('gives the same evidence from the same seed', async () => {
    const [one, two] = [await evaluateModels(options(following(moves), null)), await evaluateModels(options(following(moves), null))];
    assert.deepEqual(one.evidence, two.evidence);
  });

  it('refuses to play no sessions', async () => {
    await assert.rejects(evaluateModels({ ...options(following(moves), null), sessions: [] }), /no sessions: expected at least one/);
  });
});

describe('regimeSlices', () => {
  it('cut a backtest into parts that add up to it', async () => {
    const { candidate, regimes } = await evaluateModels(options(following(moves), null));
    const slices = regimeSlices(candidate, regimes, 29 * 252);
    const total = (of: (slice: (typeof slices)[number]) => number): number => slices.reduce((sum, slice) => sum + of(slice), 0);
    assert.equal(
      total(({ sessions }) => sessions),
      sessions.length,
    );
    assert.equal(
      total(({ bars }) => bars),
      candidate.returns.length,
    );
    near(total(({ totalReturn }) => totalReturn) * config.cash, candidate.net, 1e-9);
    assert.deepEqual(
      slices.map(({ regime }) => regime),
      [...new Set(regimes)].sort(),
    );
  });

  it('score cash at zero in every regime', async () => {
    const { candidate, regimes } = await evaluateModels(options({ policy: flatPolicy(bins), config, horizon: 5 }, null));
    for (const { sharpe, totalReturn } of regimeSlices(candidate, regimes, 252)) assert.deepEqual([sharpe, totalReturn], [0, 0]);
  });
});
