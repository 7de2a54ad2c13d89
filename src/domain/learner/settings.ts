import { bucketNames } from '../agent/bucket.js';
import type { SequenceRequest } from '../sequence/sequence.js';
import { triggerNames, type TriggerPriorities } from '../triggers/trigger.js';
import { noBlackouts, type BlackoutSettings } from './blackout.js';

/** When a learner retrains; durations in milliseconds. */
export interface LearnerSettings {
  readonly enabled: boolean;
  /** Quiet time after the last new file, and the longest wait after the first. */
  readonly quietMs: number;
  readonly maxWaitMs: number;
  readonly minFiles: number;
  /** Whether what comes while a training runs is kept for the next one; false drops it, with a ledger entry. */
  readonly queueOnCompletion: boolean;
  /** Wait after a failed training: doubled each time, up to the longest. */
  readonly retryFirstMs: number;
  readonly retryLongestMs: number;
  /** Least time from the start of a training to one that neither a person nor new data asks for; 0 for none. */
  readonly intervalMs: number;
  /** New experiences that ask for a training, 0 for never, and the fewest ever lived for that to count. */
  readonly retrainFrequency: number;
  readonly minExperiences: number;
  /** Net return of production, a fraction of cash, below which it is trained anew; -1 for never. */
  readonly performanceThreshold: number;
  /** Age of the newest training that asks for another; 0 for never. */
  readonly expirationMs: number;
  /** Each so-manieth training begins from scratch; 0 for none. */
  readonly fullRetrainEvery: number;
  readonly blackout: BlackoutSettings;
  /** Of trainings that wait for a trainer, those of the lowest number begin first. */
  readonly priorities: TriggerPriorities;
  /** What a training is: one of the bucket `default`, or a pass over other buckets, each handing on to the next. */
  readonly cycle: 'single' | SequenceRequest;
}

/** What a learner does without the settings that it came to know later: as one did before it knew them. */
export const laterSettings: Omit<LearnerSettings, EarlierSetting> = {
  intervalMs: 0,
  retrainFrequency: 0,
  minExperiences: 0,
  performanceThreshold: -1,
  expirationMs: 0,
  fullRetrainEvery: 0,
  blackout: noBlackouts,
  priorities: { manual: 3, newData: 3, experiences: 3, schedule: 3, performance: 3, drift: 3, health: 3, age: 3, custom: 3 },
  cycle: 'single',
};

type EarlierSetting = 'enabled' | 'quietMs' | 'maxWaitMs' | 'minFiles' | 'queueOnCompletion' | 'retryFirstMs' | 'retryLongestMs';

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
  intervalMs: byHand.intervalMs ?? configured.intervalMs,
  retrainFrequency: byHand.retrainFrequency ?? configured.retrainFrequency,
  minExperiences: byHand.minExperiences ?? configured.minExperiences,
  performanceThreshold: byHand.performanceThreshold ?? configured.performanceThreshold,
  expirationMs: byHand.expirationMs ?? configured.expirationMs,
  fullRetrainEvery: byHand.fullRetrainEvery ?? configured.fullRetrainEvery,
  blackout: byHand.blackout ?? configured.blackout,
  priorities: byHand.priorities ?? configured.priorities,
  cycle: byHand.cycle ?? configured.cycle,
});

type Check = (value: unknown) => string | null;

const truth: Check = (value) => (typeof value === 'boolean' ? null : 'true or false');
const atLeast =
  (least: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least ? null : `a number of at least ${least}`;
const wholeAtLeast =
  (least: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? null : `a whole number of at least ${least}`;

const isClock = (value: unknown): boolean => typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(value);
const isDay = (value: unknown): boolean => typeof value === 'number' && [1, 2, 3, 4, 5, 6, 7].includes(value);
const isWindow = (value: unknown): boolean => {
  const { days, from, to, zone } = fieldsOf(value);
  return Array.isArray(days) && days.every(isDay) && isClock(from) && isClock(to) && (zone === null || typeof zone === 'string');
};
const blackouts: Check = (value) => {
  const { windows, sessions, running } = fieldsOf(value);
  if (!Array.isArray(windows) || !windows.every(isWindow)) return 'windows as a list of {days: [1 to 7], from: HH:mm, to: HH:mm, zone}';
  if (sessions !== 'none' && sessions !== 'regular') return 'sessions none or regular';
  return running === 'finish' || running === 'pause' ? null : 'running finish or pause';
};

const urgencies: Check = (value) => {
  const given = fieldsOf(value);
  const isWhole = triggerNames.every((name) => [1, 2, 3, 4, 5].some((priority) => priority === given[name]));
  return isWhole && Object.keys(given).length === triggerNames.length ? null : `1 to 5 for each of ${triggerNames.join(', ')}`;
};

const cycles: Check = (value) => {
  if (value === 'single') return null;
  const { buckets, transfer, pauseMs, parallel = 1 } = fieldsOf(value);
  const names = Array.isArray(buckets) ? buckets.map((plan) => fieldsOf(plan).bucket) : [];
  const areNamed = names.length > 0 && names.every((name) => typeof name === 'string' && bucketNames.test(name));
  const isSequence = areNamed && new Set(names).size === names.length && typeof transfer === 'boolean';
  return isSequence && atLeast(0)(pauseMs) === null && wholeAtLeast(1)(parallel) === null
    ? null
    : 'single, or a sequence as {buckets: [{bucket}], transfer, pauseMs} with each bucket once';
};

const checks = {
  enabled: truth,
  quietMs: atLeast(1),
  maxWaitMs: atLeast(1),
  minFiles: atLeast(1),
  queueOnCompletion: truth,
  retryFirstMs: atLeast(1),
  retryLongestMs: atLeast(1),
  intervalMs: atLeast(0),
  retrainFrequency: wholeAtLeast(0),
  minExperiences: wholeAtLeast(0),
  performanceThreshold: atLeast(-1),
  expirationMs: atLeast(0),
  fullRetrainEvery: wholeAtLeast(0),
  blackout: blackouts,
  priorities: urgencies,
  cycle: cycles,
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

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? { ...value } : {});
