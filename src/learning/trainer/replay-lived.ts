import type { TrainingConfig } from '../../config/sections/training.js';
import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import type { LivedTransitions } from '../replay/lived-transitions.js';
import { createReplayBuffer, type ReplayBuffer } from '../replay/replay-buffer.js';
import type { VolatilityTarget } from './volatility-target.js';

/** Rows of each batch that are drawn from what was traded; at least one is left for what is simulated. */
export const livedRowsOf = ({ batchSize, replay }: Pick<TrainingConfig, 'batchSize' | 'replay'>): number =>
  Math.min(batchSize - 1, Math.round(batchSize * replay.newFraction));

/** Traded transitions as a replay that is full from the start, drawn by their emphasis and, with priorities, by their errors. */
export const replayLived = (
  { count, columns: lived, emphasis }: LivedTransitions,
  rows: number,
  { priority }: Pick<TrainingConfig, 'priority'>,
  volatility: VolatilityTarget,
): ReplayBuffer => {
  const alpha = priority.enabled ? priority.alpha : 0;
  const replay = createReplayBuffer({ capacity: count, batchSize: rows, alpha, emphasis, volatility });
  for (let slot = 0; slot < count; slot++) replay.append();
  const { columns } = replay;
  for (const name of ['bar', 'nextBar', 'price', 'quantity', 'reward', 'discount'] as const)
    columns[name].set(lived[name].subarray(0, count));
  for (const name of ['privateState', 'nextPrivateState'] as const)
    columns[name].set(lived[name].subarray(0, count * PRIVATE_STATE.length));
  return replay;
};
