import type { SplitRequest, SplitResult } from '../validation/steps.js';
import type { ArmResult, ProposeRequest, Proposal, TrialPlan } from './steps.js';
import type { Transfer } from './transfer.js';

/** Where a run stands with what is handed on to it: plain JSON, a part of the run's state. */
export interface TransferTrial {
  readonly proposal: Proposal;
  readonly arms: readonly ArmResult[];
  /** What became of it; null until it is settled. */
  readonly settled: Transfer | null;
}

/** One training of a trial, of those that are still to be done. */
export interface Arm {
  readonly transferred: boolean;
  readonly request: SplitRequest;
}

/** Trainings that are still to be done; none where nothing is measured. */
export const openArms = (
  { proposal, arms }: Pick<TransferTrial, 'proposal' | 'arms'>,
  { runId, instrument, bucket, dataset, parent }: ProposeRequest,
): Arm[] => {
  const trial = trialOf(proposal);
  if (trial === null) return [];
  const { config, plan, training, validation, periodsPerYear, seeds } = trial;
  const all = Array.from({ length: seeds }, (_, seed) => [true, false].map((transferred) => ({ seed, transferred }))).flat();
  return all
    .filter(({ seed, transferred }) => !arms.some((arm) => arm.trial === seed && arm.transferred === transferred))
    .map(({ seed, transferred }) => ({
      transferred,
      request: {
        validationId: runId,
        key: `${runId}-transfer`,
        instrument,
        bucket,
        dataset: { id: dataset.id, artifact: dataset.artifact, simulated: dataset.simulated },
        config,
        split: { name: transferred ? 'with' : 'without', training: [training], test: [validation], tested: [] },
        trial: seed,
        periodsPerYear,
        parent: parent?.bundle ?? null,
        ...(transferred ? { transfer: plan } : {}),
      },
    }));
};

/** How the effect is measured; null where it is not. */
export const trialOf = (proposal: Proposal): TrialPlan | null =>
  proposal.kind === 'proposed' && 'config' in proposal.trial ? proposal.trial : null;

/** With one more training done. */
export const afterArm = (trial: TransferTrial, { transferred }: Arm, { trial: seed, totalReturn }: SplitResult): TransferTrial => ({
  ...trial,
  arms: [...trial.arms, { transferred, trial: seed, totalReturn }].sort(
    (a, b) => a.trial - b.trial || Number(b.transferred) - Number(a.transferred),
  ),
});

/** One line for the bar of such a training in the timeline. */
export const armSummary = ({ transferred, request }: Arm): string =>
  `${request.instrument} ${request.bucket} ${transferred ? 'with' : 'without'} what is handed on, seed ${request.trial + 1}`;
