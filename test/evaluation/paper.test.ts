import assert from 'node:assert/strict';
import fc from 'fast-check';
import { environmentConfig } from '../../src/config/sections/training.js';
import { backtest } from '../../src/evaluation/backtest/backtest.js';
import { sessionExperiences } from '../../src/evaluation/paper/session-experiences.js';
import { createPaperAccount, type PaperDecision } from '../../src/evaluation/paper/trade-on-paper.js';
import type { PolicyFunction } from '../../src/evaluation/policies/policy.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { costlyInstrument, randomBars } from '../support/market/random-bars.js';

const config = environmentConfig.parse({ lookback: 4, priceBins: 5, quantityBins: 5, lossLimit: 0.02 });

/** What is decided at a bar depends on the bar and on what the account is in, so that other fills lead to other decisions. */
const decideAt = (seed: number, bar: number, privateState: Float32Array, offset: number): { price: number; quantity: number } => {
  const mixed = Math.imul(bar + 1, 2_654_435_761) ^ Math.imul(seed + Math.round(7 * (privateState[offset] ?? 0)), 40_503);
  return { price: (mixed >>> 3) % 5, quantity: (mixed >>> 11) % 5 };
};

describe('a paper account', () => {
  it('has the fills, rewards, trades and early ends of the backtest', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000 }), async (seed) => {
        const bars = randomBars({ seed, sessions: 5, barsPerSession: 40 });
        const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 4);
        const policy: PolicyFunction = ({ bar, privateState, active }, price, quantity) => {
          for (let lane = 0; lane < active.length; lane++) {
            const chosen = decideAt(seed, bar[lane]!, privateState, lane * 4);
            [price[lane], quantity[lane]] = [chosen.price, chosen.quantity];
          }
        };
        const expected = await backtest({ bars, instrument: costlyInstrument, config, sessions, horizon: 30, policy });
        const trade = createPaperAccount({
          bars,
          instrument: costlyInstrument,
          config,
          horizon: 30,
          decide: (bar, state) =>
            Promise.resolve({ ...decideAt(seed, bar, state, 0), confidence: 1, propensity: 1 } satisfies PaperDecision),
        });
        const rewards = new Float64Array(expected.returns.length);
        for (const [index, session] of sessions.entries()) {
          const { steps, trades } = await trade(session);
          for (const { bar, reward } of steps) rewards[expected.offsets[index]! + bar - session.from] = reward;
          const own = expected.trades.filter((one) => one.session === index);
          assert.deepEqual(
            trades.map((one) => ({ ...one, session: index })),
            own,
          );
        }
        assert.deepEqual(rewards, expected.returns);
        assert.ok(expected.trades.length > 5);
      }),
      { numRuns: 12, seed: 3 },
    ));

  it('tells each decision as an experience, the opening one with the outcome of its trade', async () => {
    const bars = randomBars({ seed: 2, sessions: 2, barsPerSession: 200 });
    const [session] = tradableSessions(bars, { from: 0, to: bars.length }, 4);
    const quantities = new Map([
      [session!.from + 130, 4],
      [session!.from + 131, 4],
    ]);
    const trade = createPaperAccount({
      bars,
      instrument: costlyInstrument,
      config: { ...config, priceBins: 61 },
      horizon: 30,
      decide: (bar) => Promise.resolve({ price: 60, quantity: quantities.get(bar) ?? 2, confidence: 0.5, propensity: 0.9 }),
    });
    const lived = await trade(session!);
    const model = { instrument: 'TEST', version: 'v3', schemaHash: 'ours', bins: { price: 5, quantity: 5 }, epsilon: 0.1 };
    const told = sessionExperiences(lived, bars, model, 252 * 390);
    assert.equal(told.length, 195);
    assert.equal(new Set(told.map(({ id }) => id)).size, told.length);
    const opening = told.filter(({ tradeOutcome }) => tradeOutcome !== null);
    assert.deepEqual(
      opening.map(({ id }) => id),
      [`paper/TEST/v3/${new Date(bars.closeTime[session!.from + 130]!).toISOString()}`],
    );
    const [{ net } = { net: NaN }] = lived.trades;
    assert.deepEqual(opening[0]?.tradeOutcome, { pnl: net, durationSeconds: 180, action: 'BUY' });
    const sum = told.reduce((total, { reward }) => total + reward, 0);
    assert.ok(Math.abs(sum - net / config.cash) < 1e-12, `${sum} of cash, ${net}`);
    assert.deepEqual(told.map(({ done }) => done).lastIndexOf(true), told.length - 1);
    told.slice(1).forEach(({ state }, at) => assert.deepEqual(state, told[at]?.nextState));
    const { fill, marketConditions, dataAsOf, decisionTime, timestamp } = opening[0];
    assert.deepEqual([dataAsOf, Date.parse(timestamp) - Date.parse(decisionTime)], [decisionTime, 60_000]);
    const returns = Array.from({ length: 120 }, (_, i) =>
      Math.log(bars.close[session!.from + 11 + i]! / bars.close[session!.from + 10 + i]!),
    );
    const mean = returns.reduce((total, value) => total + value, 0) / 120;
    const deviation = Math.sqrt(returns.reduce((total, value) => total + (value - mean) ** 2, 0) / 119);
    assert.ok(Math.abs(marketConditions!.volatility / (deviation * Math.sqrt(252 * 390)) - 1) < 1e-9);
    assert.equal(fill!.price >= bars.low[session!.from + 131]!, true);
    assert.ok(fill!.slippage > 0, 'an order that takes liquidity pays the spread');
  });
});
