import assert from 'node:assert/strict';
import { joinClosingPrints } from '../../../src/market/ingest/join-closing-prints.js';
import { barsOf } from '../../support/market/bars.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Two sessions of three minutes; in the first a fourth minute opens at the close, and in the second nothing does. */
const rows = [
  { open: 1, high: 2, low: 1, close: 2, volume: 10 },
  { open: 2, high: 3, low: 2, close: 3, volume: 10 },
  { open: 3, high: 4, low: 3, close: 4, volume: 10 },
  { open: 4, high: 9, low: 0.5, close: 5, volume: 7 },
];
const bars = barsOf([...rows, ...rows], 4);
const closingAt = (...minutes: number[]) => minutes.map((minute, day) => ({ close: day * DAY + minute * MINUTE }));

describe('joinClosingPrints', () => {
  it('puts what opens at the close of its session into the last bar, which closes when the session does', () => {
    const joined = joinClosingPrints(bars, closingAt(3, 4));
    assert.equal(joined.length, 7);
    assert.deepEqual([joined.high[2], joined.low[2], joined.close[2], joined.volume[2]], [9, 0.5, 5, 17]);
    assert.equal(joined.closeTime[2], 3 * MINUTE);
    assert.deepEqual([...joined.session], [0, 0, 0, 1, 1, 1, 1]);
    assert.deepEqual(bars.high[2], 4, 'the bars that were given stay as they are');
  });

  it('joins several, and leaves nothing of a session of which there is nothing else', () => {
    const joined = joinClosingPrints(bars, closingAt(0, 2));
    assert.deepEqual([...joined.closeTime], [DAY + MINUTE, DAY + 2 * MINUTE]);
    assert.deepEqual([joined.close[1], joined.volume[1]], [5, 27]);
  });

  it('gives the same series where no session has any', () => assert.equal(joinClosingPrints(bars, closingAt(4, 4)), bars));
});
