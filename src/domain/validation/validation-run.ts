import { markdownTable } from '../markdown.js';
import type { ConclusionRequest, SplitRequest, SplitResult, ValidationMethod, ValidationPlace, ValidationPlan } from './steps.js';

export type ValidationPhase = 'planning' | 'validating' | 'concluding' | 'done';

/** The whole state of a validation: plain JSON. */
export interface ValidationRun extends ValidationPlace {
  readonly schemaVersion: 1;
  readonly method: ValidationMethod;
  readonly phase: ValidationPhase;
  readonly plan: ValidationPlan | null;
  readonly results: readonly SplitResult[];
}

/** Answer of the `progress` query. */
export interface ValidationProgress extends ValidationPlace {
  readonly method: ValidationMethod;
  readonly phase: ValidationPhase;
  readonly finished: number;
  /** Trainings altogether; null until they are planned. */
  readonly total: number | null;
}

/** A validation that has not begun. */
export const newValidation = (place: ValidationPlace, method: ValidationMethod): ValidationRun => ({
  schemaVersion: 1,
  ...place,
  method,
  phase: 'planning',
  plan: null,
  results: [],
});

/** What every split is asked for, one request for each trial of each; `key` names this execution. */
export const splitRequests = ({ validationId, instrument, bucket }: ValidationRun, plan: ValidationPlan, key: string): SplitRequest[] => {
  const { dataset, config, periodsPerYear } = plan;
  return plan.splits.flatMap((split) =>
    Array.from({ length: plan.trials }, (_, trial) => ({
      validationId,
      instrument,
      bucket,
      key,
      dataset,
      config,
      split,
      trial,
      periodsPerYear,
    })),
  );
};

/** The state after one more result; they are kept in order of split and trial, in whatever order they come. */
export const afterSplit = (run: ValidationRun, result: SplitResult): ValidationRun => ({
  ...run,
  results: [...run.results, result].sort((a, b) => (a.split === b.split ? a.trial - b.trial : a.split < b.split ? -1 : 1)),
});

/** What the conclusion is drawn from. */
export const conclusionOf = (run: ValidationRun, plan: ValidationPlan, key: string): ConclusionRequest => ({
  validationId: run.validationId,
  instrument: run.instrument,
  bucket: run.bucket,
  key,
  method: run.method,
  plan,
  results: run.results,
});

/** What the outside sees of a validation. */
export const validationProgress = ({
  validationId,
  instrument,
  bucket,
  method,
  phase,
  plan,
  results,
}: ValidationRun): ValidationProgress => ({
  validationId,
  instrument,
  bucket,
  method,
  phase,
  finished: results.length,
  total: plan === null ? null : plan.splits.length * plan.trials,
});

/** One line for the bar of a split in the timeline. */
export const splitSummary = ({ instrument, split, trial }: SplitRequest): string =>
  `validate ${instrument} ${split.name}, trial ${trial + 1}`;

/** What the Temporal Web UI shows of a validation: Markdown without images or HTML. */
export const validationCard = (run: ValidationRun): string => {
  const { total, finished } = validationProgress(run);
  return [
    `### ${run.validationId}: ${run.phase}`,
    markdownTable(
      ['', ''],
      [
        ['method', run.method],
        ['trainings', total === null ? 'not planned yet' : `${finished} of ${total}`],
        ['bars', run.plan === null ? 'unknown' : `${run.plan.from} to ${run.plan.to}, purge ${run.plan.purgeBars}`],
      ],
    ),
    ...(run.results.length === 0
      ? []
      : [
          markdownTable(
            ['split', 'trial', 'Sharpe', 'return'],
            run.results.map(({ split, trial, sharpe, totalReturn }) => [
              split,
              `${trial + 1}`,
              sharpe === null ? 'none' : sharpe.toFixed(2),
              `${(100 * totalReturn).toFixed(2)} %`,
            ]),
          ),
        ]),
  ].join('\n\n');
};
