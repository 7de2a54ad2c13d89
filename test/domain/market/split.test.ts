import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sessionStarts } from '../../../src/domain/market/bars.js';
import {
  evaluationSessions,
  neededBars,
  purgeBars,
  purgeWithAncestors,
  splitDataset,
  TooLittleData,
} from '../../../src/domain/market/split.js';

const series = (sessions: readonly number[]) => {
  const session = Int32Array.from(sessions.flatMap((bars, ordinal) => Array.from({ length: bars }, () => ordinal)));
  return { instrument: 'TEST', length: session.length, session };
};
const rule = { evaluationFraction: 0.2, evaluationEpisodes: 10 };

describe('splitDataset', () => {
  for (const [sessions, held] of [
    [2, 1],
    [6, 3],
    [20, 10],
    [40, 10],
    [50, 10],
    [51, 11],
    [189, 38],
  ] as const) {
    it(`holds out the newest ${held} of ${sessions} sessions`, () => assert.equal(evaluationSessions(sessions, rule), held));
  }

  it('leaves whole sessions unused until the purge fits between training and evaluation', () => {
    const split = splitDataset(series(Array.from({ length: 20 }, () => 100)), rule, 150);
    assert.deepEqual(split, { training: { from: 0, to: 800 }, evaluation: { from: 1_000, to: 2_000 }, purgeBars: 150 });
  });

  it('purges nothing when no label reaches ahead', () => {
    const split = splitDataset(series([10, 10, 10, 10]), rule, 0);
    assert.deepEqual(
      [split.training, split.evaluation],
      [
        { from: 0, to: 20 },
        { from: 20, to: 40 },
      ],
    );
  });

  it('purges the farthest label and the window of the first judged decision', () => {
    const near = { lookback: 10, nStep: 1, hindsightHorizon: 1, auxiliaryWindow: 1, largestHorizon: 1 };
    assert.equal(purgeBars(near), 11);
    for (const label of ['nStep', 'hindsightHorizon', 'auxiliaryWindow', 'largestHorizon'] as const)
      assert.equal(purgeBars({ ...near, [label]: 30 }), 40, label);
    assert.equal(purgeBars({ ...near, lookback: 120 }), 121);
  });

  it('purges as far as any ancestor reaches, in whole bars of its own', () => {
    const own = { lookback: 10, nStep: 1, hindsightHorizon: 5, auxiliaryWindow: 5, largestHorizon: 5 };
    const reaching = (...bars: number[]) => bars.map((count) => ({ reachMs: count * 60_000 }));
    assert.equal(purgeWithAncestors(own, [], 60_000), 15);
    assert.equal(purgeWithAncestors(own, reaching(3, 15), 60_000), 15);
    assert.equal(purgeWithAncestors(own, reaching(576, 30), 60_000), 576);
    assert.equal(purgeWithAncestors(own, reaching(576, 30), 300_000), 116); // of five minutes, the last not whole
  });

  it('refuses too few bars, saying how many it needs and how many there are', () => {
    const isTooLittle = (error: unknown): boolean =>
      error instanceof TooLittleData &&
      error.available === 200 &&
      error.needed === 700 &&
      error.message.startsWith('TEST needs 700 bars, has 200');
    assert.throws(() => splitDataset(series([100, 100]), rule, 150), isTooLittle);
  });

  it('refuses one session, and none, because nothing would be left to judge on or to train on', () => {
    assert.throws(() => splitDataset(series([500]), rule, 10), TooLittleData);
    assert.throws(() => splitDataset(series([]), rule, 10), TooLittleData);
  });

  it('keeps sessions whole and at least the purge apart, or refuses', () => {
    const sessions = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sessions, fc.integer({ min: 0, max: 120 }), (lengths, purge) => {
        const bars = series(lengths);
        const starts = new Set(sessionStarts(bars));
        try {
          const { training, evaluation } = splitDataset(bars, rule, purge);
          assert.ok(starts.has(training.to) && starts.has(evaluation.from) && evaluation.to === bars.length);
          assert.ok(training.to > purge && evaluation.from - training.to >= purge);
        } catch (error) {
          assert.ok(error instanceof TooLittleData && error.needed > bars.length);
        }
      }),
    );
  });

  it('is content with the number of bars it asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 300 }), (barsPerSession, purge) => {
        const sessions = neededBars(barsPerSession, rule, purge) / barsPerSession;
        assert.doesNotThrow(() => splitDataset(series(Array.from({ length: sessions }, () => barsPerSession)), rule, purge));
      }),
    );
  });
});
