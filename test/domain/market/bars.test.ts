import assert from 'node:assert/strict';
import { barsOfSessionsEndedBy } from '../../../src/domain/market/bars.js';
import { randomBars } from '../../support/market/random-bars.js';

describe('barsOfSessionsEndedBy', () => {
  const bars = randomBars({ sessions: 3, barsPerSession: 10 });
  const close = (bar: number): number => bars.closeTime[bar]!;

  for (const [when, time, count] of [
    ['before anything has closed', close(0) - 1, 0],
    ['within the first session', close(8), 0],
    ['just before the first session ends', close(9) - 1, 0],
    ['as the first session ends', close(9), 10],
    ['within the second session', close(15), 10],
    ['after the last one', close(29) + 1, 30],
  ] as const)
    it(`is ${count} ${when}`, () => {
      assert.equal(barsOfSessionsEndedBy(bars, time), count);
    });

  it('is none without bars', () => {
    assert.equal(barsOfSessionsEndedBy({ length: 0, session: new Int32Array(0), closeTime: new Float64Array(0) }, 1), 0);
  });
});
