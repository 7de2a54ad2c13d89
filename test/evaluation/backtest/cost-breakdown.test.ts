import assert from 'node:assert/strict';
import fc from 'fast-check';
import { environmentConfig } from '../../../src/config/sections/training.js';
import { backtest } from '../../../src/evaluation/backtest/backtest.js';
import { costBreakdown } from '../../../src/evaluation/backtest/cost-breakdown.js';
import { flatPolicy } from '../../../src/evaluation/policies/flat-policy.js';
import { targetPositions } from '../../../src/evaluation/policies/target-positions.js';
import type { PolicyFunction } from '../../../src/evaluation/policies/policy.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { createRandom } from '../../../src/learning/random.js';
import { near } from '../../support/near.js';
import { costlyInstrument, randomBars } from '../../support/market/random-bars.js';

const config = environmentConfig.parse({ lookback: 3, lossLimit: 10 });
const bins = { price: config.priceBins, quantity: config.quantityBins };

const play = (seed: number, policy: (length: number) => PolicyFunction, costMultiplier = 1) => {
  const bars = randomBars({ seed });
  const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 0);
  return backtest({ bars, instrument: costlyInstrument, config, sessions, horizon: 5, policy: policy(bars.length), costMultiplier });
};
const arbitrary = (seed: number) => (length: number) => {
  const random = createRandom(seed, 'targets');
  return targetPositions(Float64Array.from({ length }, () => 2 * random.uniform() - 1), bins); // prettier-ignore
};

describe('costBreakdown', () => {
  it('adds up to the net profit for any policy, and tells the costs that would leave nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000), fc.nat(1_000), async (market, policy) => {
        const { gross, fee, spread, slippage, impact, net, traded, paidBps, breakEvenBps } = costBreakdown(
          await play(market, arbitrary(policy)),
        );
        near(gross - fee - spread - slippage - impact, net, 1e-9);
        near((paidBps! * traded) / 10_000, fee + spread + slippage + impact, 1e-9);
        near(gross - (breakEvenBps! * traded) / 10_000, 0, 1e-9 * Math.abs(gross));
        assert.equal(net > 0, breakEvenBps! > paidBps!);
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  it('has nothing per notional to tell of a policy that never trades', async () => {
    const { gross, net, traded, paidBps, breakEvenBps } = costBreakdown(await play(1, () => flatPolicy(bins)));
    assert.deepEqual([gross, net, traded, paidBps, breakEvenBps], [0, 0, 0, null, null]);
  });

  it('pays nothing at no costs and breaks even at what it earned', async () => {
    const { gross, net, paidBps, breakEvenBps, traded } = costBreakdown(await play(3, arbitrary(4), 0));
    assert.equal(paidBps, 0);
    assert.equal(net, gross);
    near(breakEvenBps!, (10_000 * gross) / traded);
  });
});
