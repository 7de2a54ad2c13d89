import assert from 'node:assert/strict';
import type { Instrument } from '../../../src/domain/market/instrument.js';
import {
  emptyFills,
  emptyOrders,
  executionModel,
  fillLimit,
  fillMarket,
  placeLimit,
  type ExecutionModel,
  type Fills,
} from '../../../src/learning/environment/fill-order.js';
import { costlyInstrument, randomBars } from '../../support/market/random-bars.js';

const base = randomBars({ sessions: 1, barsPerSession: 1 });
const bar = (open: number, high: number, low: number, volume = 1e12) => ({
  ...base,
  open: Float64Array.of(open),
  high: Float64Array.of(high),
  low: Float64Array.of(low),
  volume: Float64Array.of(volume),
});
// Half a spread is 0.125, slippage at 100 is 0.01.
const instrument: Instrument = { ...costlyInstrument, slippageBps: 1, impactBps: 0 };
const model = executionModel(instrument);

/** The only one of the fills. */
const only = ({ units, price, reference, fee, spread, slippage }: Fills) => ({
  units: units[0]!,
  price: price[0]!,
  reference: reference[0]!,
  fee: fee[0]!,
  spread: spread[0]!,
  slippage: slippage[0]!,
});

/** Places a limit order for a series' only bar, and fills what trades of it. */
const trade = (of: ExecutionModel, units: number, limit: number, series: ReturnType<typeof bar>, fills: Fills, at: number): void => {
  const orders = emptyOrders(at + 1);
  placeLimit(of, units, limit, series, 0, orders, fills, at);
  fillLimit(of, orders, series, 0, fills, at);
};

const fill = (units: number, limit: number, series = bar(100, 101, 99)) => {
  const fills = emptyFills(1);
  trade(model, units, limit, series, fills, 0);
  return only(fills);
};

describe('fillLimit', () => {
  it('takes liquidity at the open when the limit reaches the quote there', () => {
    assert.equal(fill(3, 102).price, 100.135);
    assert.equal(fill(-3, 98).price, 99.865);
    assert.equal(fill(3, 102).reference, 100);
  });

  it('rests a limit inside the spread: it fills at the limit if the bar trades through it, and not at the open for nothing', () => {
    assert.deepEqual([fill(3, 100).units, fill(3, 100).price, fill(3, 100).spread], [3, 100, 0]);
    assert.equal(fill(3, 100, bar(100, 101, 100)).units, 0);
    assert.equal(fill(-3, 100, bar(100, 100, 99)).units, 0);
    assert.equal(fill(3, 100.124, bar(100, 101, 100)).price, 100.124);
    assert.equal(fill(3, 100.125, bar(100, 101, 100)).spread, 0.125 * 3 * 2);
  });

  it('never pays beyond the limit, and charges the spread before the slippage', () => {
    const capped = fill(2, 100.13);
    assert.ok(Math.abs(capped.price - 100.13) < 1e-12);
    assert.ok(Math.abs(capped.spread - 0.125 * 2 * 2) < 1e-12);
    assert.ok(Math.abs(capped.slippage - 0.005 * 2 * 2) < 1e-9);
  });

  it('fills at the limit, at the fee alone, when the bar trades through it', () => {
    const buy = fill(2, 99.25);
    assert.deepEqual([buy.units, buy.price, buy.spread, buy.slippage], [2, 99.25, 0, 0]);
    assert.ok(Math.abs(buy.fee - (0.0001 * 99.25 * 2 * 2 + 0.31 * 2)) < 1e-12);
    assert.equal(fill(-2, 100.75).price, 100.75);
  });

  it('does not fill when the bar only touches the limit or stays away from it', () => {
    assert.equal(fill(2, 99).units, 0);
    assert.equal(fill(-2, 101).units, 0);
    assert.equal(fill(2, 98.75).units, 0);
    assert.equal(fill(-2, 101.25).units, 0);
    assert.equal(fill(2, 99 + 1e-9, bar(100, 101, 99)).units, 0, 'rounding is not trading through');
  });

  it('charges impact by the square root of the share of the volume, as far as the limit allows', () => {
    const withImpact = executionModel({ ...instrument, spreadTicks: 0, slippageBps: 0, impactBps: 100 });
    const fills = emptyFills(3);
    trade(withImpact, 4, 200, bar(100, 101, 99, 400), fills, 0);
    assert.ok(Math.abs(fills.price[0]! - 100.1) < 1e-12);
    assert.ok(Math.abs(fills.impact[0]! - 0.1 * 4 * 2) < 1e-9);
    trade(withImpact, 4, 100.05, bar(100, 101, 99, 400), fills, 1);
    assert.ok(Math.abs(fills.price[1]! - 100.05) < 1e-12);
    fillMarket(withImpact, -4, 100, 0, fills, 2);
    assert.equal(fills.price[2]!, 99, 'no volume counts as taking all of it');
  });

  it('leaves no cost of an earlier fill behind when nothing trades', () => {
    const fills = emptyFills(1);
    trade(model, 3, 102, bar(100, 101, 99), fills, 0);
    trade(model, 3, 90, bar(100, 101, 99), fills, 0);
    assert.deepEqual(fills, emptyFills(1));
  });

  it('multiplies every cost by the stress factor', () => {
    const fills = emptyFills(2);
    fillMarket(executionModel(costlyInstrument), 5, 100, 1000, fills, 0);
    fillMarket(executionModel(costlyInstrument, 2), 5, 100, 1000, fills, 1);
    for (const cost of ['spread', 'slippage', 'impact'] as const)
      assert.ok(fills[cost][0]! > 0 && Math.abs(fills[cost][1]! - 2 * fills[cost][0]!) < 1e-9, cost);
    assert.ok(Math.abs(fills.fee[1]! / fills.fee[0]! - 2) < 1e-2);
  });
});
