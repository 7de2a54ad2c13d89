import { z } from 'zod';
import type { Logger } from '../../domain/ports.js';
import { loadCheckpoint, type LoadedCheckpoint, type LoadResult } from '../../learning/checkpoint/load-checkpoint.js';
import type { CheckpointOwner } from '../../learning/checkpoint/manifest.js';
import { remedyFor } from '../../learning/monitoring/remedy.js';
import { TensorFileInvalid } from '../../learning/safetensors.js';
import { TrainingDiverged } from '../../learning/trainer/health.js';
import { decodeTrainerState } from '../../learning/trainer/state-files.js';

/** Gradient steps within which the health checks find what goes wrong: a checkpoint as near as that to a finding may be spoilt already. */
const DETECTION_STEPS = 100;

const HEALTH_FILE = 'health.json';
const health = z.strictObject({ rollbacks: z.number().int().nonnegative() });

/** Where training goes on, and how often it went back before. */
export interface HealthyStart {
  /** Null at the start of a run. */
  readonly checkpoint: LoadedCheckpoint | null;
  readonly quarantined: LoadResult['quarantined'];
  readonly rollbacks: number;
}

/** A checkpoint's file that says how often its run went back; none for a run that never did. */
export const healthFile = (rollbacks: number): Record<string, Uint8Array> =>
  rollbacks === 0 ? {} : { [HEALTH_FILE]: new TextEncoder().encode(JSON.stringify({ rollbacks })) };

/**
 * Trains from the newest good checkpoint. When a health check finds something, it trains again from the newest one that was written before that
 * could have begun, and so on, three times at most in a run; `train` is told how often that was, and lowers the learning rate. Later checkpoints are
 * set aside. Throws the last `TrainingDiverged`, and what `train` and `loadCheckpoint` throw.
 */
export const stayHealthy = async <T>(
  { folder, owner, logger }: { readonly folder: string; readonly owner: CheckpointOwner; readonly logger: Logger },
  train: (start: HealthyStart) => Promise<T>,
): Promise<T> => {
  const load = async (refuse?: Parameters<typeof loadCheckpoint>[2]): Promise<HealthyStart> => {
    const { checkpoint, quarantined } = await loadCheckpoint(folder, owner, refuse);
    for (const aside of quarantined) logger.error('checkpoint set aside', { ...aside });
    return { checkpoint, quarantined, rollbacks: checkpoint === null ? 0 : rollbacksOf(checkpoint.files) };
  };
  for (let start = await load(); ;) {
    try {
      return await train(start);
    } catch (error) {
      if (!(error instanceof TrainingDiverged)) throw error;
      const remedy = remedyFor(start.rollbacks);
      if (remedy.kind === 'giveUp') throw error;
      const { rollbacks, rateShare } = remedy;
      const last = error.gradientStep - DETECTION_STEPS;
      const good = await load((files) => (stepsOf(files) <= last ? null : `the training diverged at gradient step ${error.gradientStep}`));
      logger.error('training goes back to its last good checkpoint with a lower learning rate', {
        ...error.finding,
        gradientStep: error.gradientStep,
        rollbacks,
        rateShare,
        toStep: good.checkpoint?.step ?? 0,
      });
      start = { ...good, rollbacks };
    }
  }
};

const stepsOf = (files: LoadedCheckpoint['files']): number => decodeTrainerState(files).gradientSteps;

const rollbacksOf = (files: LoadedCheckpoint['files']): number => {
  const file = files[HEALTH_FILE];
  if (file === undefined) return 0;
  const { data } = health.safeParse(JSON.parse(new TextDecoder().decode(file)));
  if (data === undefined) throw new TensorFileInvalid(`${HEALTH_FILE} of the checkpoint says no number of rollbacks`);
  return data.rollbacks;
};
