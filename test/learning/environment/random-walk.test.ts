import assert from 'node:assert/strict';
import { environmentConfig } from '../../../src/config/sections/training.js';
import type { Lanes } from '../../../src/learning/environment/lanes.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { createRandom } from '../../../src/learning/random.js';
import { meanOf, playSessions, significance, standardError } from '../../support/learning/play-sessions.js';
import { latticeBars, latticeInstrument } from '../../support/market/lattice-bars.js';

const bars = latticeBars({ seed: 1, sessions: 2_000, barsPerSession: 20 });
const config = environmentConfig.parse({ priceBins: 5, quantityBins: 5, lossLimit: 10 });
const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 0);
const play = (policy: (now: Lanes, price: Int32Array, quantity: Int32Array) => void) =>
  playSessions({ bars, instrument: latticeInstrument, config }, sessions, policy);

/** The target that follows the sign of what the price did over the bar that is `ahead` of the decision's. */
const following =
  (side: 1 | -1, ahead: number, priceBin: number) =>
  (now: Lanes, price: Int32Array, quantity: Int32Array): void => {
    price.fill(priceBin);
    now.bar.forEach((bar, lane) => {
      const [open, close] = [bars.open[bar + ahead], bars.close[bar + ahead]];
      quantity[lane] = open === undefined || close === undefined ? 2 : 2 + 2 * side * Math.sign(close - open);
    });
  };
const random = createRandom(1, 'policy');

describe('the environment on a random walk', () => {
  for (const [name, policy] of [
    ['takes any action', (_: Lanes, price: Int32Array, quantity: Int32Array) => { for (const bins of [price, quantity]) bins.forEach((_value, lane) => (bins[lane] = random.integer(5))); }], // prettier-ignore
    ['follows the last bar and takes liquidity', following(1, 0, 4)],
    ['trades against the last bar and takes liquidity', following(-1, 0, 4)],
    ['follows the last bar with resting orders', following(1, 0, 1)],
    ['trades against the last bar with resting orders', following(-1, 0, 2)],
  ] as const)
    it(`leaves a policy that ${name} with its costs and nothing else, within four standard errors`, () => {
      const { net, beyondCosts } = play(policy);
      const off = significance(beyondCosts);
      assert.ok(Math.abs(off) < 4, `${meanOf(beyondCosts)} a session beyond costs, ${off} standard errors from nothing`);
      assert.ok(standardError(beyondCosts) < -0.25 * meanOf(net), 'chance would hide what trading costs');
    });

  it('shows a policy that knows the next bar by dozens of standard errors', () => {
    const off = significance(play(following(1, 1, 4)).beyondCosts);
    assert.ok(off > 24, String(off));
  });
});
