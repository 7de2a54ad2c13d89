import { percent } from '../transfer/transfer.js';
import type { BucketResult } from './sequence.js';

/** A bucket's model, by the run that made it. */
export interface CrossedModel {
  readonly bucket: string;
  readonly version: string;
  readonly runId: string;
}

export interface CrossRequest {
  readonly instrument: string;
  readonly models: readonly CrossedModel[];
}

/** How each bucket's model does on the task of each. */
export interface CrossEvaluation {
  readonly models: readonly CrossedModel[];
  /** Net return, as a share of cash, of model i (row) at the horizon, bars and cash of bucket j (column); null where bars of another length make its features others. */
  readonly returns: readonly (readonly (number | null)[])[];
  /** Sessions that none of them learned from, by task. */
  readonly sessions: readonly number[];
}

/** The newest model of each bucket of a sequence; fewer than two cannot be crossed. */
export const modelsToCross = (results: readonly BucketResult[]): CrossedModel[] => {
  const models = new Map<string, CrossedModel>();
  for (const { bucket, runId, result } of results)
    if (result.kind === 'decided') models.set(bucket, { bucket, runId, version: result.version });
  return [...models.values()];
};

/** Heads of the table of a cross-evaluation: tasks by bucket. */
export const crossHeads = ({ models }: Pick<CrossEvaluation, 'models'>): string[] => [
  'model',
  ...models.map(({ bucket }) => `as ${bucket}`),
];

/** A row for each model. */
export const crossRows = ({ models, returns }: Pick<CrossEvaluation, 'models' | 'returns'>): string[][] =>
  models.map(({ bucket, version }, i) => [
    `${bucket} ${version}`,
    ...(returns[i] ?? []).map((value) => (value === null ? 'other bars' : percent(value))),
  ]);
