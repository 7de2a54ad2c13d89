/** When a learner retrains; durations in milliseconds. */
export interface LearnerSettings {
  readonly enabled: boolean;
  /** Quiet time after the last new file, and the longest wait after the first. */
  readonly quietMs: number;
  readonly maxWaitMs: number;
  readonly minFiles: number;
  /** Whether data that arrives while a training runs is kept for the next one; false drops it, with a ledger entry. */
  readonly queueOnCompletion: boolean;
  /** Wait after a failed training: doubled each time, up to the longest. */
  readonly retryFirstMs: number;
  readonly retryLongestMs: number;
}

type Check = (value: unknown) => string | null;

const truth: Check = (value) => (typeof value === 'boolean' ? null : 'true or false');
const atLeast =
  (least: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least ? null : `a number of at least ${least}`;

const checks = {
  enabled: truth,
  quietMs: atLeast(1),
  maxWaitMs: atLeast(1),
  minFiles: atLeast(1),
  queueOnCompletion: truth,
  retryFirstMs: atLeast(1),
  retryLongestMs: atLeast(1),
} as const satisfies Record<keyof LearnerSettings, Check>;

const expectations: ReadonlyMap<string, Check> = new Map(Object.entries(checks));

/** Why a change of settings is refused, naming key, value and what was expected; null when it is fine. */
export const refuseSettings = (change: unknown): string | null => {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return 'expected an object of settings';
  for (const [key, value] of Object.entries(change)) {
    const check = expectations.get(key);
    if (check === undefined) return `unknown setting ${key}: expected one of ${[...expectations.keys()].join(', ')}`;
    const expected = check(value);
    if (expected !== null) return `${key} is ${JSON.stringify(value)}: expected ${expected}`;
  }
  return null;
};
