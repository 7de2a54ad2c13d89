import type { TrainingConfig } from '../../../src/config/sections/training.js';
import { createRandom } from '../../../src/learning/random.js';
import type { LivedTransitions } from '../../../src/learning/replay/lived-transitions.js';
import { transitionColumns } from '../../../src/learning/replay/replay-buffer.js';
import { smallEnvironment } from './small-training.js';

/** Thirty transitions at random in the first session of the small environment, of four emphases. */
export const livedTransitionsOf = (config: TrainingConfig): LivedTransitions => {
  const count = 30;
  const columns = transitionColumns(count);
  const { from } = smallEnvironment(config).sessions[0]!;
  const random = createRandom(9, 'lived');
  for (let i = 0; i < count; i++) {
    columns.bar[i] = from + i;
    columns.nextBar[i] = from + i + 1;
    columns.price[i] = random.integer(config.environment.priceBins);
    columns.quantity[i] = random.integer(config.environment.quantityBins);
    columns.reward[i] = random.normal();
    columns.discount[i] = config.agent.gamma;
    columns.privateState[4 * i + 3] = 0.1;
  }
  return { count, columns, emphasis: Float64Array.from({ length: count }, (_, i) => 1 + (i % 4)) };
};
