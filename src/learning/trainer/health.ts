import type { HealthFinding } from '../monitoring/create-health-monitor.js';

/** Learning went wrong beyond repair by more of the same. */
export class TrainingDiverged extends Error {
  override readonly name = 'TrainingDiverged';
  readonly figure: string;
  readonly value: number;
  constructor(
    readonly gradientStep: number,
    readonly finding: HealthFinding,
  ) {
    const { check, figure, value, expected } = finding;
    super(
      `training diverged at gradient step ${gradientStep} (${check}): ${figure} is ${value}, expected ${expected}; lower training.agent.learning_rate, or check the data for outliers`,
    );
    ({ figure: this.figure, value: this.value } = finding);
  }
}
