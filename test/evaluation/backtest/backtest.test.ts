import assert from 'node:assert/strict';
import fc from 'fast-check';
import { environmentConfig } from '../../../src/config/sections/training.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import type { Instrument } from '../../../src/domain/market/instrument.js';
import { backtest } from '../../../src/evaluation/backtest/backtest.js';
import type { Backtest } from '../../../src/evaluation/backtest/backtest-record.js';
import { buyAndHold } from '../../../src/evaluation/backtest/buy-and-hold.js';
import { flatPolicy } from '../../../src/evaluation/policies/flat-policy.js';
import { targetPositions } from '../../../src/evaluation/policies/target-positions.js';
import type { PolicyFunction } from '../../../src/evaluation/policies/policy.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { createRandom } from '../../../src/learning/random.js';
import { near } from '../../support/near.js';
import { barsOf } from '../../support/market/bars.js';
import { costlyInstrument, randomBars } from '../../support/market/random-bars.js';

const config = environmentConfig.parse({ lookback: 3, lossLimit: 0.03 });
const bins = { price: config.priceBins, quantity: config.quantityBins };
const sessionsOf = (bars: BarSeries) => tradableSessions(bars, { from: 0, to: bars.length }, 0);
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

/** Decides by bar alone, so that it decides the same however sessions are spread over lanes. */
const arbitraryPolicy = (seed: number, length: number): PolicyFunction => {
  const random = createRandom(seed, 'actions');
  const prices = Int32Array.from({ length }, () => random.integer(bins.price));
  const quantities = Int32Array.from({ length }, () => random.integer(bins.quantity));
  return ({ bar }, price, quantity) =>
    bar.forEach((at, lane) => {
      price[lane] = prices[at]!;
      quantity[lane] = quantities[at]!;
    });
};

describe('backtest', () => {
  describe('of one session computed by hand', () => {
    const instrument: Instrument = {
      ...costlyInstrument,
      tickSize: 0.5,
      multiplier: 10,
      lotSize: 1,
      feeRate: 0.001,
      feePerUnit: 1,
      slippageBps: 50,
      spreadTicks: 2, // half of it is 0.5
      impactBps: 0,
    };
    const small = environmentConfig.parse({ cash: 10_000, maxPosition: 1, priceBins: 5, quantityBins: 3, lossLimit: 1, lookback: 1 });
    const bars = barsOf([
      { open: 100, high: 100, low: 100, close: 100, volume: 100 },
      { open: 100, high: 103, low: 99, close: 102, volume: 100 },
      { open: 101, high: 104, low: 101, close: 103, volume: 100 },
      { open: 103, high: 104, low: 100, close: 101, volume: 100 },
      { open: 101.5, high: 102, low: 98, close: 99, volume: 100 },
      { open: 98, high: 98.5, low: 97, close: 98, volume: 100 },
    ]);
    // price bin, quantity bin: long at up to +1, long at the close, flat at +1 better, short at up to -1, short at the close
    const decisions = [[4, 2], [2, 2], [0, 1], [4, 0], [2, 0]] as const; // prettier-ignore
    const decided: PolicyFunction = ({ bar }, price, quantity) => {
      [price[0], quantity[0]] = decisions[bar[0]!]!;
    };
    const run = (costMultiplier: number): Promise<Backtest> =>
      backtest({ bars, instrument, config: small, sessions: [{ from: 0, to: 6 }], horizon: 5, policy: decided, costMultiplier });

    it('earns in each bar what the fills of the next bar leave after costs', async () => {
      const { returns, position, traded, gross, costs, net, sessionReturns } = await run(1);
      const expected = [
        200 - 20.1 - 50 - 50, // 10 bought at 100 + 0.5 + 0.5 (the limit of 101), marked at 102; fee 10 × (0.001 × 1010 + 1)
        90 - 2.02, // 1 sold at its limit of 102, no spread, no slippage: 9 are affordable at 102; marked at 103
        -180, // sell limit of 104 is touched, not passed: 9 still held, marked at 101
        270 - 36.08865 - 90 - 91.35, // 18 sold at 101.5 - 0.5 - 0.5075: out of 9 long into 9 short, marked at 99
        90 - 17.9091 - 45 - 44.1, // limit of 99 is not reached; at the end 9 are bought back at 98 + 0.5 + 0.49
      ];
      expected.forEach((money, bar) => near(returns[bar]!, money / 10_000));
      [10_200, 9_270, 9_090, -8_910, 0].forEach((money, bar) => near(position[bar]!, money / 10_000));
      [10_100, 1_020, 0, 18 * 1004.925, 9 * 989.9].forEach((money, bar) => near(traded[bar]!, money / 10_000));
      near(gross, 470);
      near(costs.fee, 76.11775);
      near(costs.spread, 185);
      near(costs.slippage, 185.45);
      assert.equal(costs.impact, 0);
      near(net, 23.43225);
      near(sessionReturns[0]!, 0.002343225);
    });

    it('lists the long trade and, from the same fill, the short one that follows', async () => {
      const { trades, actions } = await run(1);
      assert.deepEqual(
        trades.map(({ side, units, entryBar, exitBar }) => [side, units, entryBar, exitBar]),
        [[1, 10, 1, 4], [-1, 9, 4, 5]], // prettier-ignore
      );
      const [long, short] = trades;
      near(long!.entryPrice, 101);
      near(long!.exitPrice, (102 + 9 * 100.4925) / 10);
      near(long!.net, (102 + 9 * 100.4925 - 1_010) * 10 - 20.1 - 2.02 - 36.08865 / 2);
      near(short!.net, (100.4925 - 98.99) * 90 - 36.08865 / 2 - 17.9091);
      assert.deepEqual([...actions], [0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1]);
    });

    it('pays twice the costs where the limit does not cap them', async () => {
      const { returns, costs } = await run(2);
      near(returns[0]!, (200 - 40.2 - 100) / 10_000); // spread 1 reaches the limit of 101: no room for slippage
      near(returns[1]!, (90 - 4.04) / 10_000);
      near(costs.spread, 100 + 180 + 90);
      near(costs.slippage, 0 + 18 * 0.5 * 10 + 9 * 0.98 * 10); // 101.5 - 1 - 0.5 is the limit of 100
    });
  });

  it('keeps gross, each cost, net, returns, sessions and trades consistent for any policy on any bars', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000), fc.nat(1_000), fc.constantFrom(0, 1, 2), async (seed, actions, costMultiplier) => {
        const bars = randomBars({ seed });
        const sessions = sessionsOf(bars);
        const policy = arbitraryPolicy(actions, bars.length);
        const run = await backtest({ bars, instrument: costlyInstrument, config, sessions, horizon: 5, policy, costMultiplier });
        const { fee, spread, slippage, impact } = run.costs;
        near(run.gross - fee - spread - slippage - impact, run.net, 1e-9);
        near(sum(run.returns) * config.cash, run.net, 1e-7);
        near(sum(run.sessionReturns) * config.cash, run.net, 1e-7);
        near(sum(run.trades.map(({ net }) => net)), run.net, 1e-7);
        if (costMultiplier === 0) assert.equal(fee + spread + slippage + impact, 0);
        assert.equal(run.returns.length, sum(sessions.map(({ from, to }) => to - from - 1)));
        for (let s = 1; s <= sessions.length; s++) assert.equal(run.position[run.offsets[s]! - 1], 0);
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('gives the same bits however many sessions advance at once', async () => {
    const bars = randomBars({ seed: 4 });
    const options = {
      bars,
      instrument: costlyInstrument,
      config,
      sessions: sessionsOf(bars),
      horizon: 5,
      policy: arbitraryPolicy(9, bars.length),
    };
    const [one, two, all] = [await backtest({ ...options, lanes: 1 }), await backtest({ ...options, lanes: 2 }), await backtest(options)];
    assert.deepEqual(two.returns, one.returns);
    assert.deepEqual(all.returns, one.returns);
    assert.deepEqual(all.actions, one.actions);
    assert.deepEqual(new Set(all.trades.map((trade) => JSON.stringify(trade))), new Set(one.trades.map((trade) => JSON.stringify(trade))));
  });

  it('earns and pays nothing by staying flat', async () => {
    const bars = randomBars({ seed: 5 });
    const run = await backtest({
      bars,
      instrument: costlyInstrument,
      config,
      sessions: sessionsOf(bars),
      horizon: 5,
      policy: flatPolicy(bins),
    });
    assert.ok(run.returns.every((value) => value === 0) && run.trades.length === 0 && run.net === 0);
    assert.equal(run.actions[10 * bins.quantity + 5], run.returns.length);
  });

  it('buys and holds exactly as a policy does that always wants one unit, at a limit that never binds', async () => {
    const wide = environmentConfig.parse({ lookback: 3, lossLimit: 1_000, maxPosition: 1, cash: 100_000, priceBins: 255 });
    for (const seed of [1, 2, 3]) {
      const bars = randomBars({ seed });
      const highest = Math.max(...bars.high);
      // one unit is affordable at every price and two are at none
      const instrument = { ...costlyInstrument, lotSize: 1, multiplier: 100_000 / (1.5 * highest) };
      assert.ok(100_000 / (Math.min(...bars.low) * instrument.multiplier) < 2);
      const options = { bars, instrument, config: wide, sessions: sessionsOf(bars), horizon: 5, costMultiplier: 2 };
      const policy = targetPositions(new Float64Array(bars.length).fill(1), { price: wide.priceBins, quantity: wide.quantityBins });
      const [held, followed] = [buyAndHold(options), await backtest({ ...options, policy })];
      assert.ok(held.trades.length > 0);
      held.returns.forEach((value, bar) => near(value, followed.returns[bar]!, 1e-9));
      assert.deepEqual(held.trades, followed.trades);
      assert.deepEqual(held.position, followed.position);
      held.traded.forEach((value, bar) => near(value, followed.traded[bar]!, 1e-12));
    }
  });

  it('refuses an action that does not exist', async () => {
    const bars = randomBars({ seed: 6 });
    const options = { bars, instrument: costlyInstrument, config, sessions: sessionsOf(bars), horizon: 5 };
    const impossible: PolicyFunction = (_now, price, quantity) => void (price.fill(0), quantity.fill(11));
    await assert.rejects(
      backtest({ ...options, policy: impossible }),
      /action \(0, 11\) does not exist: expected .* quantity bin below 11/,
    );
    await assert.rejects(
      backtest({ ...options, policy: targetPositions(new Float64Array(20), bins) }),
      /no target for bar 30: expected targets for each of the bars, got 20/,
    );
  });

  it('stops with the reason of the signal', async () => {
    const bars = randomBars({ seed: 7, sessions: 1, barsPerSession: 1_500 });
    const signal = AbortSignal.abort(new Error('enough'));
    const policy = flatPolicy(bins);
    await assert.rejects(
      backtest({ bars, instrument: costlyInstrument, config, sessions: sessionsOf(bars), horizon: 5, policy, signal }),
      /enough/,
    );
  });
});
