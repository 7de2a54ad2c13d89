import assert from 'node:assert/strict';
import { createRandom } from '../../../src/learning/random.js';
import { LEAST_OWN_SHARE, ownSessions, sessionDraw } from '../../../src/learning/trainer/session-draw.js';

const shareOf = (chosen: (session: number) => boolean, mix: Parameters<typeof sessionDraw>[0]): number => {
  const [draw, random] = [sessionDraw(mix), createRandom(1, 'sessions')];
  let count = 0;
  for (let i = 0; i < 20_000; i++) if (chosen(draw(random))) count++;
  return count / 20_000;
};

describe('sessionDraw', () => {
  it('plays the set share of episodes in new sessions, and each session of a kind as often as the others', () => {
    const mix = { sessions: 10, firstNew: 8, newShare: 0.6 };
    assert.ok(Math.abs(shareOf((session) => session >= 8, mix) - 0.6) < 0.015);
    for (const [session, share] of [
      [0, 0.05],
      [7, 0.05],
      [8, 0.3],
      [9, 0.3],
    ] as const)
      // prettier-ignore
      assert.ok(Math.abs(shareOf((drawn) => drawn === session, mix) - share) < 0.015, `session ${session}`);
  });

  for (const mix of [
    { sessions: 10, firstNew: 8, newShare: null },
    { sessions: 10, firstNew: null, newShare: 0.6 },
    { sessions: 10, firstNew: 0, newShare: 0.6 },
    { sessions: 10, firstNew: 10, newShare: 0.6 },
  ])
    it(`draws the very sessions that a plain draw gives, with ${JSON.stringify(mix)}`, () => {
      const [draw, random, plain] = [sessionDraw(mix), createRandom(3, 'sessions'), createRandom(3, 'sessions')];
      for (let i = 0; i < 100; i++) assert.equal(draw(random), plain.integer(10));
    });
});

describe('sessionDraw among the sessions of several instruments', () => {
  const own = { count: 10, share: 0.7 };

  it('plays the set share in the own ones, old and new as set, and all others evenly', () => {
    const mix = { sessions: 14, firstNew: 8, newShare: 0.6, own };
    for (const [what, chosen, share] of [
      ['own', (session: number) => session < 10, 0.7],
      ['new own', (session: number) => session >= 8 && session < 10, 0.42],
      ['first of another', (session: number) => session === 10, 0.075],
      ['last of another', (session: number) => session === 13, 0.075],
    ] as const)
      assert.ok(Math.abs(shareOf(chosen, mix) - share) < 0.015, what);
  });
});

describe('ownSessions', () => {
  const sessions = (count: number, length: number) => Array.from({ length: count }, () => ({ from: 5, to: 5 + length }));

  for (const [what, own, others, share] of [
    ['as many as they are, where they are most', sessions(30, 60), sessions(10, 60), 0.75],
    ['half, where they are few', sessions(10, 60), sessions(90, 60), 0.5],
    ['more than half, where they are few and short', sessions(10, 20), sessions(90, 80), 0.8],
    ['as many as they are, where they are long', sessions(10, 100), sessions(20, 50), 1 / 3],
  ] as const)
    it(`are played in ${what}`, () => {
      const found = ownSessions(own, others);
      assert.ok(Math.abs(found.share - share) < 1e-12, `${found.share}`);
      assert.equal(found.count, own.length);
      const [ownBars, otherBars] = [found.share * (own[0]!.to - 5), (1 - found.share) * (others[0]!.to - 5)];
      assert.ok(ownBars / (ownBars + otherBars) >= LEAST_OWN_SHARE - 1e-12, 'of all decisions');
    });
});
