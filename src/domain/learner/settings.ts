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

/** A change by hand; null takes an earlier one back, so that the configuration holds again. */
export type SettingsChange = { readonly [Key in keyof LearnerSettings]?: LearnerSettings[Key] | null };

/** What holds: what was changed by hand, and else what the configuration says. */
export const settingsInForce = (configured: LearnerSettings, byHand: SettingsChange): LearnerSettings => ({
  enabled: byHand.enabled ?? configured.enabled,
  quietMs: byHand.quietMs ?? configured.quietMs,
  maxWaitMs: byHand.maxWaitMs ?? configured.maxWaitMs,
  minFiles: byHand.minFiles ?? configured.minFiles,
  queueOnCompletion: byHand.queueOnCompletion ?? configured.queueOnCompletion,
  retryFirstMs: byHand.retryFirstMs ?? configured.retryFirstMs,
  retryLongestMs: byHand.retryLongestMs ?? configured.retryLongestMs,
});

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
    const expected = value === null ? null : check(value);
    if (expected !== null) return `${key} is ${JSON.stringify(value)}: expected ${expected}`;
  }
  return null;
};

/** Why settings are refused as a whole configuration, or null. */
export const refuseConfiguration = (settings: unknown): string | null => {
  const why = refuseSettings(settings);
  if (why !== null) return why;
  const given = new Map(Object.entries(settings ?? {}));
  const missing = [...expectations.keys()].filter((key) => (given.get(key) ?? null) === null);
  return missing.length === 0 ? null : `${missing.join(', ')} missing: expected a value for every setting`;
};
