import assert from 'node:assert/strict';
import { lookForDrift, newestWindow } from '../../../src/activities/checks/drift-check.js';
import { noticesOf, type DriftLook } from '../../../src/domain/drift/drift-look.js';
import { driftConfig } from '../../../src/config/sections/drift.js';
import { createRandom } from '../../../src/learning/random.js';
import { randomBars } from '../../support/market/random-bars.js';

const BARS = 30;
const LEARNED = 130;
const WINDOW = 5;
const WARM_UP = 7;

interface Market {
  readonly sessions: number;
  /** First session whose range is three times as wide. */
  readonly wildFrom: number;
  /** First session in which production loses what it earned before; it has learned from those before `LEARNED`. */
  readonly losesFrom?: number;
}

/** A look at made-up features of a market in which production has learned from the first sessions. */
const look = ({ sessions, wildFrom, losesFrom = Infinity }: Market, settings: object = {}): DriftLook | null => {
  const bars = randomBars({ sessions, barsPerSession: BARS });
  const random = createRandom(5, 'features');
  const names = ['return', 'range'];
  const valueAt = (i: number): number => {
    const [bar, column] = [i >> 1, i % 2];
    if (bar < WARM_UP) return NaN;
    return random.normal() * (column === 1 && bar >= wildFrom * BARS ? 3 : 1);
  };
  const values = Float32Array.from({ length: bars.length * names.length }, (_, i) => valueAt(i));
  const fresh = Array.from({ length: sessions - LEARNED }, (_, session) => LEARNED + session);
  const earned = fresh.map((session) => (session < losesFrom ? 1 : -1) + 0.5 * random.normal());
  const learnedTo = new Date(bars.closeTime[LEARNED * BARS - 1]!).toISOString();
  const window = newestWindow(bars, WARM_UP, learnedTo, driftConfig.parse({ windowSessions: WINDOW, ...settings }));
  if (window === null) return null;
  return lookForDrift({
    version: 'v7',
    learnedTo,
    window,
    raw: { names, rows: bars.length, values, warmUp: WARM_UP },
    played: {
      sessions: fresh.map((session) => ({ from: session * BARS, to: (session + 1) * BARS })),
      streams: [{ name: 'net return', values: Float64Array.from(earned) }],
    },
  });
};

describe('a look for drift', () => {
  const wild: Market = { sessions: LEARNED + 2 * WINDOW + 1, wildFrom: LEARNED + WINDOW };

  it('finds that the newest whole window moves otherwise than what was learned from, and says how', () => {
    const seen = look(wild);
    assert.ok(seen);
    const [found, ...others] = noticesOf(seen);
    assert.deepEqual(others, []);
    assert.equal(found?.id, 'v7/drift/2024-05-20T15:00:00.000Z');
    assert.match(
      found.reason,
      /^range in the 5 sessions to 2024-05-20 is distributed otherwise than before: .*; 1 of 26 windows differ as much$/,
    );
  });

  it('finds nothing in a market that goes on as before, nor where it is switched off', () => {
    assert.equal(look({ ...wild, wildFrom: Infinity })?.market?.drifted, false);
    assert.equal(look(wild, { falseAlarmsPerYear: 0 }), null);
  });

  it('waits for a whole window, and leaves out the session that may still go on', () => {
    assert.equal(look({ sessions: LEARNED + WINDOW, wildFrom: LEARNED }), null);
    assert.equal(look({ sessions: LEARNED + WINDOW + 1, wildFrom: LEARNED })?.market?.drifted, true);
  });

  it('cannot tell from fewer windows than one alarm may be rare', () => {
    assert.equal(look(wild, { falseAlarmsPerYear: 2 })?.market, null);
  });

  it('finds that production has begun to lose, and says since when; not from what is too little', () => {
    const seen = look({ sessions: LEARNED + 8 * WINDOW + 1, wildFrom: Infinity, losesFrom: LEARNED + 6 * WINDOW });
    assert.ok(seen);
    const [found] = noticesOf(seen);
    assert.equal(found?.id, `v7/change/${seen.to}`);
    assert.match(
      found.reason,
      /^the net return of v7 has changed in the 10 sessions to .*: -\d\S+ on average, [01]\.\d+ in the 30 before; /,
    );
    assert.equal(look(wild)?.production, null);
  });
});
