import type { RatchetConfig } from '../../config/ratchet.js';
import type { TrainingConfig } from '../../config/sections/training.js';

/** A training of so many environment steps, with an exploration that fades over the same share of them. */
export const withBudget = (training: TrainingConfig, trainSteps: number): TrainingConfig => ({
  ...training,
  trainSteps,
  epsilon: { ...training.epsilon, decaySteps: Math.max(1, Math.round((training.epsilon.decaySteps * trainSteps) / training.trainSteps)) },
});

/**
 * The configuration of one run: bars of the length that its dataset has, and for one that goes on from production the shorter budget of
 * `incremental_steps`, with an exploration that fades over the same share of it.
 */
export const configForRun = (
  config: RatchetConfig,
  { frequency, incremental }: { readonly frequency: string; readonly incremental: boolean },
): RatchetConfig => {
  const { training, autoRetrain } = config;
  const trainSteps = incremental ? Math.min(training.trainSteps, autoRetrain.incrementalSteps) : training.trainSteps;
  return {
    ...config,
    training: { ...withBudget(training, trainSteps), environment: { ...training.environment, frequency } },
  };
};
