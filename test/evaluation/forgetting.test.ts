import assert from 'node:assert/strict';
import { measureForgetting } from '../../src/evaluation/forgetting.js';
import { createRandom } from '../../src/learning/random.js';
import { near } from '../support/near.js';

interface Market {
  /** Production's expected return in the three good regimes of nine, in units of a session's deviation. */
  readonly edge: number;
  /** Share of that edge that the candidate lacks. */
  readonly forgotten: number;
}

const sample = (seed: number, sessions: number, { edge, forgotten }: Market) => {
  const random = createRandom(seed, 'sessions');
  const kinds = Int32Array.from({ length: sessions }, () => random.integer(9));
  const [shared, own] = [0, 0].map(() => Float64Array.from({ length: sessions }, () => random.normal()));
  return {
    production: Float64Array.from(kinds, (kind, i) => shared![i]! + (kind < 3 ? edge : 0)),
    candidate: Float64Array.from(
      kinds,
      (kind, i) => 0.9 * shared![i]! + Math.sqrt(0.19) * own![i]! + (kind < 3 ? edge * (1 - forgotten) : 0),
    ),
    regimes: Array.from(kinds, (kind) => `regime ${kind}`),
    confidence: 0.9,
  };
};

describe('measureForgetting', () => {
  it('is nothing when the candidate does as production does, and everything when it stays out', () => {
    const { production, regimes, confidence } = sample(1, 200, { edge: 1, forgotten: 0 });
    assert.equal(measureForgetting({ candidate: production, production, regimes, confidence }).shown, 0);
    const out = measureForgetting({ candidate: new Float64Array(200), production, regimes, confidence });
    near(out.share!, 1);
    near(out.shown, 1);
  });

  it('finds the share that is missing, and shows no more than that', () => {
    const { share, shown, windows } = measureForgetting(sample(2, 2_000, { edge: 1, forgotten: 0.5 }));
    assert.ok(share! > 0.42 && share! < 0.58, `share ${share}`);
    assert.ok(shown > 0.3 && shown < share!);
    assert.ok(windows > 550 && windows < 780, `${windows} of about 667 good sessions`);
  });

  it('does not take regression to the mean for forgetting: equally good candidates are blamed in less than 10 % of samples', () => {
    const blamed = Array.from({ length: 400 }, (_, seed) => measureForgetting(sample(seed, 60, { edge: 0.3, forgotten: 0 }))).filter(
      ({ shown }) => shown > 0.05,
    );
    assert.ok(blamed.length < 40, `${blamed.length} of 400`);
  });

  it('notices in 60 sessions that a strong edge is gone', () => {
    const found = Array.from({ length: 100 }, (_, seed) => measureForgetting(sample(seed, 60, { edge: 1, forgotten: 1 }))).filter(
      ({ shown }) => shown > 0.05,
    );
    assert.ok(found.length > 80, `${found.length} of 100`);
  });

  it('shows nothing where production earned nothing, and in too few sessions', () => {
    const { candidate, regimes, confidence } = sample(3, 100, { edge: 1, forgotten: 0 });
    const losing = measureForgetting({ candidate, production: new Float64Array(100).fill(-1), regimes, confidence });
    assert.deepEqual(losing, { windows: 0, share: null, shown: 0 });
    assert.equal(measureForgetting({ ...sample(4, 5, { edge: 1, forgotten: 1 }) }).shown, 0);
    assert.deepEqual(
      measureForgetting({ candidate: new Float64Array(0), production: new Float64Array(0), regimes: [], confidence }).shown,
      0,
    );
  });
});
