import assert from 'node:assert/strict';
import { findDrift, type DriftSeries } from '../../../src/domain/drift/find-drift.js';
import { createRandom } from '../../../src/learning/random.js';

const SESSIONS = 60;
const WINDOW = 3;
const LEVEL = 0.1;

/** Two correlated series that keep what they are, but for the newest sessions of the second, whose values are multiplied. */
const world = (seed: number, factor: number): DriftSeries[] => {
  const random = createRandom(seed, 'drift');
  let state = 0;
  const session = (scale: number): Float64Array =>
    Float64Array.from({ length: 40 }, () => {
      state = 0.5 * state + random.uniform() - 0.5;
      return scale * state;
    });
  const scaleOf = (at: number): number => (at >= SESSIONS - WINDOW ? factor : 1);
  return ['return', 'range'].map((name) => ({
    name,
    sessions: Array.from({ length: SESSIONS }, (_, at) => session(name === 'range' ? scaleOf(at) : 1)),
  }));
};

describe('findDrift', () => {
  it('alarms no more often than the level where nothing drifts, however many series and measures are looked at', () => {
    const repeats = 60;
    const alarms = Array.from({ length: repeats }, (_, seed) => findDrift(world(seed, 1), { window: WINDOW, level: LEVEL })?.drifted);
    const found = alarms.filter((alarm) => alarm === true).length;
    assert.ok(found <= LEVEL * repeats + 3 * Math.sqrt(LEVEL * (1 - LEVEL) * repeats), `${found} alarms`);
    assert.ok(found > 0, 'a test that never alarms says nothing');
  });

  it('finds that one series is twice as wide, and names it', () => {
    const found = Array.from({ length: 20 }, (_, seed) => findDrift(world(seed, 2), { window: WINDOW, level: LEVEL }));
    assert.ok(found.every((finding) => finding?.drifted === true && finding.series === 'range'));
  });

  it('cannot tell where there are fewer windows than an alarm may be rare', () => {
    assert.equal(findDrift(world(1, 5), { window: WINDOW, level: 0.049 }), null);
    assert.notEqual(findDrift(world(1, 5), { window: WINDOW, level: 0.05 }), null);
    assert.equal(findDrift([], { window: WINDOW, level: 1 }), null);
  });

  it('says nothing has drifted where nothing ever moves', () => {
    const still = [{ name: 'flat', sessions: Array.from({ length: 30 }, () => new Float64Array(5)) }];
    assert.equal(findDrift(still, { window: 1, level: 0.1 })?.drifted, false);
  });
});
