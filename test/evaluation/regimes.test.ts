import assert from 'node:assert/strict';
import { sessionRegimes as sessionRegimesBefore } from '../../src/domain/market/market-regime.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { periodsPerYear } from '../../src/evaluation/periods-per-year.js';
import { regimeName, sessionRegimes } from '../../src/evaluation/regimes.js';
import { near } from '../support/near.js';
import { barsOf, randomBars } from '../support/market/bars.js';

/** Sessions of four bars: a step and its share taken back, twice. */
const session = (step: number, back: number) => {
  const at = (offset: number) => ({ open: 100 + offset, high: 100 + offset, low: 100 + offset, close: 100 + offset, volume: 1 });
  return [at(0), at(step), at(step * (1 - back)), at(step * (2 - back))];
};

describe('sessionRegimes', () => {
  it('sorts sessions by thirds of volatility and of trend in units of volatility', () => {
    const rows = [
      session(1, 0),
      session(-1, 0),
      session(1, 2),
      session(3, 0),
      session(-3, 0),
      session(3, 2),
      session(9, 0),
      session(-9, 0),
      session(9, 2),
    ];
    const ranges = rows.map((_, i) => ({ from: 4 * i, to: 4 * i + 4 }));
    const names = sessionRegimes(barsOf(rows.flat(), 4), ranges).map(regimeName);
    assert.deepEqual(names, ['quiet rising', 'quiet falling', 'quiet sideways', 'normal rising', 'normal falling', 'normal sideways', 'wild rising', 'wild falling', 'wild sideways']); // prettier-ignore
  });

  it('gives a market that stands still a regime like any other', () => {
    const rows = Array.from({ length: 12 }, () => ({ open: 1, high: 1, low: 1, close: 1, volume: 0 }));
    const found = sessionRegimes(
      barsOf(rows, 4),
      [0, 4, 8].map((from) => ({ from, to: from + 4 })),
    );
    assert.equal(found.length, 3);
  });
});

describe('periodsPerYear', () => {
  const sessionsOn = (days: readonly number[], lengths: (i: number) => number) => {
    const closeTime: number[] = [];
    const sessions = days.map((day, i) => {
      const from = closeTime.length;
      for (let bar = 1; bar <= lengths(i); bar++) closeTime.push(Date.UTC(2024, 0, 1 + day) + bar * 60_000);
      return { from, to: closeTime.length };
    });
    const session = Int32Array.from(sessions.flatMap(({ from, to }, i) => Array.from({ length: to - from }, () => i)));
    const { length } = closeTime;
    return periodsPerYear({ length, session, close: new Float64Array(length), closeTime: Float64Array.from(closeTime) }, sessions);
  };

  it('counts 252 median sessions a year where weekends rest, and 365 where they do not; the first bar of a session has no return', () => {
    const weekdays = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11]; // from Monday, 1 January 2024
    assert.equal(
      sessionsOn(weekdays, () => 391),
      252 * 390,
    );
    assert.equal(
      sessionsOn(weekdays, (i) => (i === 3 ? 211 : 391)),
      252 * 390,
    );
    assert.equal(
      sessionsOn([0, 1, 2, 3, 4, 5, 6], () => 1_440),
      365 * 1_439,
    );
  });

  it('counts, of a regime, the share of all sessions that have it, in a market that trades every day', () => {
    const bars = randomBars(200 * 30, 1, 30);
    const labels = sessionRegimesBefore(bars);
    const trending = tradableSessions(bars, { from: 150 * 30, to: bars.length }, 0, 'trending').slice(0, 2);
    const share = labels.filter((label) => label === 'trending').length / labels.filter((label) => label !== null).length;
    assert.ok(trending.length === 2 && share > 0 && share < 1);
    near(periodsPerYear(bars, trending, 'trending'), 365 * 29 * share);
    assert.equal(periodsPerYear(bars, trending), 252 * 29);
  });

  it('refuses to guess from no sessions', () => {
    assert.throws(() => periodsPerYear(randomBars(30), []), /cannot be told from no sessions/);
  });
});
