/**
 * Scores of a learner that is trained on tasks one after the other: `after[i][j]` on task j once it was trained through task i, and `untrained[j]` before
 * any training (the R matrix of Lopez-Paz and Ranzato 2017, arXiv 1706.08840). Larger is better.
 */
export interface TaskScores {
  readonly after: readonly (readonly number[])[];
  readonly untrained: readonly number[];
}

export interface ContinualScores {
  /** Mean over tasks of the score at the end. */
  readonly average: number;
  /** Mean over all tasks but the last of the score at the end less that right after the task: below 0 is forgetting. Null for one task. */
  readonly backwardTransfer: number | null;
  /** Mean over all tasks but the first of the score right before the task less that of an untrained learner. Null for one task. */
  readonly forwardTransfer: number | null;
  /** Mean over all tasks but the last of the best score on the task so far less that at the end. Null for one task. */
  readonly forgetting: number | null;
}

/** What a sequence of trainings kept, handed on and lost; means are over the T - 1 tasks that they can be asked of. Throws `RangeError` unless the scores are square. */
export const continualScores = ({ after, untrained }: TaskScores): ContinualScores => {
  const tasks = after.length;
  const ragged = after.find((row) => row.length !== tasks);
  if (tasks === 0 || ragged !== undefined || untrained.length !== tasks)
    throw new RangeError(
      `scores of ${tasks} trainings on ${ragged?.length ?? untrained.length} tasks: expected a square of at least one task, and an untrained score for each`,
    );
  const score = (training: number, task: number): number => after[training]?.[task] ?? NaN;
  const last = tasks - 1;
  const earlier = Array.from({ length: last }, (_, task) => task);
  const over = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    average: after[last]?.reduce((sum, value) => sum + value / tasks, 0) ?? NaN,
    backwardTransfer: over(earlier.map((task) => score(last, task) - score(task, task))),
    forwardTransfer: over(earlier.map((task) => score(task, task + 1) - (untrained[task + 1] ?? NaN))),
    forgetting: over(earlier.map((task) => Math.max(...after.slice(task, last).map((row) => row[task] ?? NaN)) - score(last, task))),
  };
};
