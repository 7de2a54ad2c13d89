import assert from 'node:assert/strict';
import { createRandom } from '../../../src/learning/random.js';
import { sessionDraw } from '../../../src/learning/trainer/session-draw.js';

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
