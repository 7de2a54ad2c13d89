import type { TrainingConfig } from '../config/training.js';
import type { Reach } from '../domain/split.js';

/** How far a training's decisions look back and its labels look ahead. Volatility is measured over the hindsight horizon, and episodes have that horizon. */
export const trainingReach = ({ environment, nStep, hindsight }: Pick<TrainingConfig, 'environment' | 'nStep' | 'hindsight'>): Reach => ({
  lookback: environment.lookback,
  nStep,
  hindsightHorizon: hindsight.horizon,
  auxiliaryWindow: hindsight.horizon,
  largestHorizon: hindsight.horizon,
});
