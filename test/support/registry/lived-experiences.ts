import type { SmallWorld } from '../evaluation/judged-candidate.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import type { Dataset } from '../../../src/domain/market/dataset.js';
import { readModelBundle } from '../../../src/learning/export/model-bundle.js';
import { createRandom } from '../../../src/learning/random.js';
import { readDataset } from '../../../src/market/bar-store.js';
import { experience } from '../experiences.js';

/** Writes `count` experiences by a stored model, one at each of the dataset's bars in turn, those that judge included; every fifth opened a trade. */
export const liveExperiences = async (
  { dependencies: { registry, artifacts } }: SmallWorld,
  dataset: Dataset,
  bundle: string,
  count: number,
): Promise<BarSeries> => {
  const bars = await readDataset(await artifacts.file(dataset.artifact));
  const { schemaHash, bins, horizon } = readModelBundle(await artifacts.get(bundle));
  const random = createRandom(1, 'lived');
  const all = Array.from({ length: count }, (_, at) => {
    const time = new Date(bars.closeTime[at % bars.length]!).toISOString();
    const horizonSeen = Math.log2(horizon) / 12;
    const privateState = (): Float32Array => Float32Array.of(random.uniform() - 0.5, 0.5, 0.5, horizonSeen);
    return experience(`lived-${dataset.instrument}-${at}`, {
      instrument: dataset.instrument,
      timestamp: time,
      decisionTime: time,
      dataAsOf: time,
      schemaHash,
      state: privateState(),
      nextState: privateState(),
      branches: { price: random.integer(bins.price), quantity: random.integer(bins.quantity) },
      reward: random.normal() / 1_000,
      tradeOutcome: at % 5 === 0 ? { pnl: random.normal(), durationSeconds: 900, action: 'BUY' } : null,
      insight: at % 10 === 0 ? { reasoning: 'so', lessonsLearned: ['wait'] } : null,
    });
  });
  await registry.experiences.write(all);
  return bars;
};
