import type { StepResult } from '../learner.js';

/** Learning went wrong beyond repair by more of the same. */
export class TrainingDiverged extends Error {
  override readonly name = 'TrainingDiverged';
  constructor(
    readonly gradientStep: number,
    readonly figure: string,
    readonly value: number,
    expected: string,
  ) {
    super(
      `training diverged at gradient step ${gradientStep}: ${figure} is ${value}, expected ${expected}; lower training.agent.learning_rate, or check the data for outliers`,
    );
  }
}

/** Throws `TrainingDiverged` when a figure of a gradient step is not finite. */
export const assertFinite = (gradientStep: number, result: StepResult): void => {
  for (const figure of ['loss', 'qLoss', 'auxiliaryLoss', 'gradientNorm'] as const)
    if (!Number.isFinite(result[figure])) throw new TrainingDiverged(gradientStep, figure, result[figure], 'a finite number');
};

/**
 * Throws `TrainingDiverged` when the smoothed Q loss is past anything that values can be: rewards are scaled to about 1 a bar, so that values
 * are some times 1 / (1 - gamma), and the loss is at most about their distance.
 */
export const assertBounded = (gradientStep: number, smoothedQLoss: number, gamma: number): void => {
  const limit = 1_000 / Math.max(1 - gamma, 1e-3);
  if (smoothedQLoss > limit) throw new TrainingDiverged(gradientStep, 'the smoothed Q loss', smoothedQLoss, `at most ${limit}`);
};
