import assert from 'node:assert/strict';
import { rewardScale } from '../../../src/learning/trainer/reward-scale.js';
import { volatilityTargets } from '../../../src/learning/trainer/volatility-target.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { randomBars } from '../../support/random-bars.js';

const bars = randomBars({ seed: 3, sessions: 3, barsPerSession: 20 });
const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 0);

describe('volatilityTargets', () => {
  const horizon = 6;
  const targets = volatilityTargets(bars, sessions, horizon);

  it('is the root mean square of the log returns after the bar, within the session, in units of the mean', () => {
    const plain = Array.from({ length: bars.length }, (_, bar) => {
      const end = Math.min(bar + horizon, Math.floor(bar / 20) * 20 + 19);
      const squares = Array.from({ length: end - bar }, (_, i) => Math.log(bars.close[bar + i + 1]! / bars.close[bar + i]!) ** 2);
      return squares.length === 0 ? null : Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
    });
    const known = plain.filter((value) => value !== null);
    const mean = known.reduce((a, b) => a + b, 0) / known.length;
    plain.forEach((value, bar) => assert.ok(Math.abs(targets[bar]! - (value ?? 0) / mean) < 1e-5, `bar ${bar}`));
  });

  it('does not depend on bars outside the given sessions', () => {
    const changed = structuredClone(bars);
    changed.close.fill(1, 40);
    const some = sessions.slice(0, 2);
    assert.deepEqual(volatilityTargets(changed, some, horizon), volatilityTargets(bars, some, horizon));
    assert.ok(
      volatilityTargets(bars, some, horizon)
        .subarray(40)
        .every((value) => value === 0),
    );
  });
});

describe('rewardScale', () => {
  it('makes a typical bar at the largest position worth one', () => {
    const scale = rewardScale(bars, sessions, 0.9);
    let [squares, count] = [0, 0];
    for (const { from, to } of sessions)
      for (let bar = from + 1; bar < to; bar++, count++) squares += (0.9 * (bars.close[bar]! / bars.close[bar - 1]! - 1) * scale) ** 2;
    assert.ok(Math.abs(squares / count - 1) < 1e-9);
  });

  it('refuses prices that never move', () => {
    const flat = structuredClone(bars);
    flat.close.fill(5);
    assert.throws(() => rewardScale(flat, sessions, 0.9), /never move/);
  });
});
