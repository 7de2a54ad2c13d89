import assert from 'node:assert/strict';
import { activityFigures, dormantUnits } from '../../../src/learning/monitoring/layer-activity.js';
import { near } from '../../support/near.js';

describe('dormantUnits', () => {
  it('are those at or below the threshold times the mean of their layer', () => {
    // Mean 1: the second is below the threshold of 0.025, the third above.
    const activity = Float32Array.of(0, 0.02, 0.03, 3.95);
    assert.deepEqual(dormantUnits(activity), [0, 1]);
    assert.deepEqual(dormantUnits(activity, 0), [0]);
    assert.deepEqual(dormantUnits(activity, 0.1), [0, 1, 2]);
  });

  it('are all of them where a layer says nothing, or something that is no number', () => {
    assert.deepEqual(dormantUnits(new Float32Array(3)), [0, 1, 2]);
    assert.deepEqual(dormantUnits(Float32Array.of(1, NaN)), [0, 1]);
  });
});

describe('activityFigures', () => {
  it('are those of the worst layer and of all units', () => {
    const figures = activityFigures([
      { layer: 'a', meanAbsolute: Float32Array.of(0, 0, 0, 4) },
      { layer: 'b', meanAbsolute: Float32Array.of(2, 2) },
    ]);
    near(figures.dormantShare, 3 / 4);
    near(figures.dormantShareOverall, 3 / 6);
    near(figures.silentShare, 3 / 6);
    near(figures.activationMean, 8 / 6);
    near(figures.activationDeviation, Math.sqrt(24 / 6 - (8 / 6) ** 2));
  });
});
