import assert from 'node:assert/strict';
import type { ComputeFeatures } from '../../src/domain/market/features.js';
import type { ObservationSchema } from '../../src/domain/agent/observation.js';
import { environmentConfig } from '../../src/config/sections/training.js';
import { computeFeatures } from '../../src/market/features/compute-features.js';
import { FEATURES } from '../../src/market/features/table.js';
import { sliceBars } from '../../src/workers/api/recent-market.js';
import { historyNeeds } from '../../src/serving/history-needs.js';
import { usEquityBars } from '../support/market/market-rows.js';

const schema = (features: readonly string[]): ObservationSchema => ({
  features,
  lookback: 3,
  frequencyMs: 60_000,
  normaliser: { mean: features.map(() => 0), scale: features.map(() => 1), clip: 5 },
});

describe('historyNeeds', () => {
  it('asks for whole sessions exactly where a feature looks back to the open', () => {
    for (const { name } of FEATURES) {
      const looksBack = ['timeOfDay', 'vwapDistance', 'overnightGap'].includes(name);
      assert.equal(historyNeeds(schema([name]), computeFeatures).wholeSessions, looksBack, name);
    }
  });

  it('asks for a memory with which the default features are, on other bars, what they are with all history', () => {
    const { features } = environmentConfig.parse({});
    const { memory } = historyNeeds(schema(features), computeFeatures);
    const bars = usEquityBars(6, 9);
    const all = computeFeatures(bars, features);
    const scale = features.map((_, column) => deviation(all.values, column, features.length));
    for (let end = 5 * 390 + 1; end <= bars.length; end += 13) {
      const from = 5 * 390 - memory; // the last session whole
      const recent = computeFeatures(sliceBars(bars, from, end), features);
      features.forEach((name, column) => {
        const [long, short] = [all.values[(end - 1) * features.length + column]!, recent.values.at(column - features.length)!];
        assert.ok(Math.abs(long - short) <= 0.01 * scale[column]!, `${name} is ${short} with ${memory} bars, ${long} with all`);
      });
    }
  });

  it('asks for more than the warm-up of an average that forgets slowly', () => {
    const slow: ComputeFeatures = ({ length, close }, names) => {
      let average = 0;
      const values = Float32Array.from(close, (price, i) => (average = i === 0 ? price : 0.98 * average + 0.02 * price));
      return { names, rows: length, values, warmUp: 0 };
    };
    const { memory } = historyNeeds(schema(['slow']), slow);
    assert.ok(memory >= 256 && memory <= 512, String(memory));
  });

  it('refuses a feature that never forgets', () => {
    const total: ComputeFeatures = ({ length, volume }, names) => {
      let sum = 0;
      return { names, rows: length, values: Float32Array.from(volume, (value) => (sum += value)), warmUp: 0 };
    };
    assert.throws(() => historyNeeds(schema(['total']), total), /features total do not settle within 2,048 bars/);
  });
});

const deviation = (values: Float32Array, column: number, width: number): number => {
  const series = values.filter((value, i) => i % width === column && Number.isFinite(value));
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  return Math.sqrt(series.reduce((sum, value) => sum + (value - mean) ** 2, 0) / series.length);
};
