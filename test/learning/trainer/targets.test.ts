import assert from 'node:assert/strict';
import { rewardScale } from '../../../src/learning/trainer/reward-scale.js';
import { volatilityTarget } from '../../../src/learning/trainer/volatility-target.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { randomBars } from '../../support/market/random-bars.js';

const bars = randomBars({ seed: 3, sessions: 3, barsPerSession: 20 });
const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 0);

describe('volatilityTarget', () => {
  const horizon = 6;
  const target = volatilityTarget(bars, sessions, horizon);
  const realised = (bar: number, ahead: number): number | null => {
    const end = Math.min(bar + ahead, Math.floor(bar / 20) * 20 + 19);
    const squares = Array.from({ length: end - bar }, (_, i) => Math.log(bars.close[bar + i + 1]! / bars.close[bar + i]!) ** 2);
    return squares.length === 0 ? null : Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
  };

  it('is the root mean square of the log returns after the bar, within the session, in units of the mean', () => {
    const known = Array.from({ length: bars.length }, (_, bar) => realised(bar, horizon)).filter((value) => value !== null);
    const mean = known.reduce((a, b) => a + b, 0) / known.length;
    for (const ahead of [1, 4, horizon])
      for (let bar = 0; bar < bars.length; bar++)
        assert.ok(Math.abs(target(bar, ahead) - (realised(bar, ahead) ?? 0) / mean) < 1e-9, `bar ${bar}, ${ahead} ahead`);
  });

  it('does not depend on bars outside the given sessions', () => {
    const changed = structuredClone(bars);
    changed.close.fill(1, 40);
    const some = sessions.slice(0, 2);
    const [one, other] = [volatilityTarget(changed, some, horizon), volatilityTarget(bars, some, horizon)];
    for (let bar = 0; bar < bars.length; bar++) assert.equal(one(bar, horizon), bar < 40 ? other(bar, horizon) : 0, `bar ${bar}`);
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
