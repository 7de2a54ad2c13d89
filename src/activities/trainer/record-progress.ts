import type { Logger } from '../../domain/ports.js';
import type { TrainerProgress } from '../../domain/training/trainer-protocol.js';
import type { Registry } from '../../registry/open-registry.js';
import type { Fence } from '../../registry/runs/runs.js';

/**
 * Writes a run's curves to the registry as they come. Only the newest figures wait while a write is under way; one that fails is said once and left out,
 * since training does not depend on it.
 */
export const recordProgress = (
  { runs, runMetrics }: Pick<Registry, 'runs' | 'runMetrics'>,
  fence: Fence,
  logger: Logger,
): ((progress: TrainerProgress) => void) => {
  let waiting: TrainerProgress | null = null;
  let writing = false;
  let complained = false;

  const write = async (): Promise<void> => {
    writing = true;
    for (let progress = waiting; progress !== null; progress = waiting) {
      waiting = null;
      const { step, ...numbers } = progress;
      try {
        await runs.recordProgress(fence, { ...progress });
        await runMetrics.record(fence, step, numbers);
      } catch (error) {
        if (!complained) logger.warn('training figures cannot be recorded', { run: fence.runId, reason: String(error) });
        complained = true;
      }
    }
    writing = false;
  };

  return (progress) => {
    waiting = progress;
    if (!writing) void write();
  };
};
