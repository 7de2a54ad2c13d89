import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { sessionRegimes, type MarketRegime } from '../../../src/domain/market/market-regime.js';
import { missingRegime, tradableSessions } from '../../../src/learning/environment/sessions.js';
import { sliceBars } from '../../../src/workers/api/recent-market.js';
import { barsOf, seededUniform } from '../../support/market/bars.js';

/** As many bars as are looked back on, so that a session tells the regime of the next. */
const BARS = 120;

interface Day {
  /** Log returns are `drift` ± `swing`, in turn. */
  readonly swing?: number;
  readonly drift?: number;
}

/** Sessions of `perSession` bars; `swings` multiplies the swing of a bar by its place in the session. */
const market = (days: readonly Day[], perSession = BARS, swings: (bar: number) => number = () => 1): BarSeries => {
  let price = 100;
  const rows = days.flatMap(({ swing = 0.001, drift = 0 }) =>
    Array.from({ length: perSession }, (_, bar) => {
      const open = price;
      price *= Math.exp(drift + (bar % 2 === 0 ? 1 : -1) * swing * swings(bar));
      return { open, high: Math.max(open, price), low: Math.min(open, price), close: price, volume: 1 };
    }),
  );
  return barsOf(rows, perSession);
};

const days = (count: number, day: Day = {}): Day[] => Array.from({ length: count }, () => day);

/** Sessions of an hour in which everything happens. */
const variedMarket = (): BarSeries => {
  const uniform = seededUniform(3);
  const day = (): Day => ({ swing: uniform() < 0.2 ? 0.004 : 0.001, drift: uniform() < 0.4 ? 0.0005 : 0 });
  return market(Array.from({ length: 60 }, day), 60);
};

/** The regime of the session after the days. */
const after = (...last: readonly Day[]): MarketRegime | null | undefined => sessionRegimes(market([...days(14), ...last, {}])).at(-1);

describe('sessionRegimes', () => {
  const table: readonly (readonly [string, MarketRegime, readonly Day[]])[] = [
    ['was as it always is', 'calm', [{}]],
    ['rose by more than chance', 'trending', [{ drift: 0.0002 }]],
    ['fell by more than chance', 'trending', [{ drift: -0.0002 }]],
    ['rose by no more than chance', 'calm', [{ drift: 0.0001 }]],
    ['moved 1.45 times as much as usual', 'calm', [{ swing: 0.00145 }]],
    ['moved 1.55 times as much as usual', 'stressed', [{ swing: 0.00155 }]],
    ['moved more than usual, and rose', 'stressed', [{ swing: 0.002, drift: 0.001 }]],
    ['moved as wildly as it has for a week', 'stressed', days(5, { swing: 0.002 })],
    ['moved as wildly as it has for two weeks', 'calm', days(12, { swing: 0.002 })],
    ['stands still after days that did, too', 'calm', days(12, { swing: 0 })],
  ];
  for (const [what, regime, last] of table)
    it(`calls a session ${regime} before which the market ${what}`, () => assert.equal(after(...last), regime));

  it('knows no prices and no usual volatility: a market that moves ten times as much is not stressed for that', () => {
    const quiet = [...days(14), { swing: 0.002 }, {}, { drift: 0.0002 }, {}];
    const wild = quiet.map(({ swing = 0.001, drift = 0 }) => ({ swing: 10 * swing, drift: 10 * drift }));
    assert.deepEqual(sessionRegimes(market(wild)), sessionRegimes(market(quiet)));
    assert.deepEqual(sessionRegimes(market(quiet)).slice(-4), ['calm', 'stressed', 'calm', 'trending']);
  });

  it('is not stressed every day for the last hours of the day being wilder than the others', () => {
    const bars = market(days(20), 390, (bar) => (bar < 270 ? 1 : 4));
    assert.deepEqual(new Set(sessionRegimes(bars).slice(12)), new Set(['calm']));
  });

  it('cannot tell before eleven sessions with their 120 bars, and tells the same from the least that it needs', () => {
    const bars = market([...days(13), { swing: 0.002 }, {}]);
    assert.deepEqual(sessionRegimes(bars), [...Array.from({ length: 13 }, () => null), 'calm', 'stressed']);
    const needed = 14 * BARS - 11 * BARS - BARS - 1; // of the last session: eleven before it, 120 bars, and the close that the first return is from
    assert.equal(sessionRegimes(sliceBars(bars, needed, bars.length)).at(-1), 'stressed');
    assert.equal(sessionRegimes(sliceBars(bars, needed + 1, bars.length)).at(-1), null);
    assert.deepEqual(sessionRegimes(market([])), []);
  });

  it('looks at no bar of the session or after it: whatever these become, the labels up to it stay', () => {
    const bars = variedMarket();
    const labels = sessionRegimes(bars);
    assert.deepEqual(new Set(labels), new Set([null, 'calm', 'trending', 'stressed']), 'a market of one kind would prove nothing');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bars.length - 1 }), fc.double({ min: 0.2, max: 5, noNaN: true }), (from, factor) => {
        const changed = bars.close.map((close, bar) => (bar >= from ? close * factor ** (1 + (bar % 2)) : close));
        const session = bars.session[from] ?? NaN;
        assert.deepEqual(sessionRegimes({ ...bars, close: changed }).slice(0, session + 1), labels.slice(0, session + 1));
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('depends on the bar just before the session', () => {
    const bars = market(days(16));
    const jump = bars.close.map((close, bar) => (bar === 15 * BARS - 1 ? 1.1 * close : close));
    assert.deepEqual([sessionRegimes(bars)[15], sessionRegimes({ ...bars, close: jump })[15]], ['calm', 'stressed']);
  });
});

describe('the sessions of a regime', () => {
  const bars = variedMarket();
  const range = { from: 13 * 60, to: 55 * 60 };

  it('are those that began in it, whole, each in one regime', () => {
    const regimes = sessionRegimes(bars);
    const labelled = tradableSessions(bars, range, 0);
    for (const regime of ['calm', 'trending', 'stressed'] as const) {
      const expected = labelled.filter(({ from }) => regimes[from / 60] === regime);
      assert.ok(expected.length > 0, regime);
      assert.deepEqual(tradableSessions(bars, range, 0, regime), expected);
    }
  });

  it('are known by their own beginning where the range or the first whole observation cuts it off', () => {
    const [first] = tradableSessions(bars, range, 0, 'calm');
    assert.ok(first !== undefined);
    const cut = { ...first, from: first.from + 7 };
    assert.deepEqual(tradableSessions(bars, range, cut.from, 'calm')[0], cut);
    assert.deepEqual(tradableSessions(bars, { ...range, from: cut.from }, 0, 'calm')[0], cut);
  });

  it('are missed by name where there is none to train on, or none held out', () => {
    const calm = market(days(20));
    const split = { training: { from: 0, to: 16 * BARS }, evaluation: { from: 17 * BARS, to: 20 * BARS } };
    assert.equal(missingRegime(calm, split, 0, 'calm'), null);
    assert.match(missingRegime(calm, split, 0, 'stressed') ?? '', /^none of 16 sessions to train on is stressed \(13 have too few bars before them to tell\)/); // prettier-ignore
    const once = market([...days(14), { swing: 0.002 }, ...days(5)]);
    assert.match(missingRegime(once, split, 0, 'stressed') ?? '', /^none of 3 sessions held out is stressed \(0 have/);
    assert.match(missingRegime(calm, split, 16 * BARS - 1, 'calm') ?? '', /^none of 0 sessions to train on is calm/, 'one bar is not traded in'); // prettier-ignore
    const last = { ...split, evaluation: { from: 20 * BARS - 1, to: 20 * BARS } };
    assert.match(missingRegime(calm, last, 0, 'calm') ?? '', /^none of 0 sessions held out is calm/);
  });
});
