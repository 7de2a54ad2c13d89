import type { RatchetConfig } from '../../config/ratchet.js';

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
  const share = trainSteps / training.trainSteps;
  return {
    ...config,
    training: {
      ...training,
      trainSteps,
      epsilon: { ...training.epsilon, decaySteps: Math.max(1, Math.round(training.epsilon.decaySteps * share)) },
      environment: { ...training.environment, frequency },
    },
  };
};
