/** Critical hours on some days of the week, by the clock of a time zone; `to` at or before `from` is on the next day. */
export interface BlackoutWindow {
  /** 1 = Monday … 7 = Sunday: the day that the window begins on. */
  readonly days: readonly number[];
  /** `HH:mm`. */
  readonly from: string;
  readonly to: string;
  /** IANA name; null for the zone of the instrument's calendar. */
  readonly zone: string | null;
}

/** When nothing is trained. */
export interface BlackoutSettings {
  readonly windows: readonly BlackoutWindow[];
  /** Whether the whole regular session of the instrument's calendar is one, too. */
  readonly sessions: 'none' | 'regular';
  /** What becomes of a training that runs when one begins. */
  readonly running: 'finish' | 'pause';
}

/** From one moment up to another, epoch ms. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The blackouts of some days as moments, worked out from calendar and time zones outside of workflows. */
export interface BlackoutPlan extends Interval {
  /** The settings that it was made from. */
  readonly key: string;
  /** In order, apart from each other. */
  readonly intervals: readonly Interval[];
  /** Why none could be worked out; null when they were. */
  readonly problem: string | null;
}

/** How far ahead blackouts are worked out. */
export const BLACKOUT_DAYS = 14;

/** How long a learner goes without blackouts that could not be worked out. */
const AFTER_PROBLEM_MS = 3_600_000;

export const noBlackouts: BlackoutSettings = { windows: [], sessions: 'none', running: 'finish' };

export const hasBlackouts = ({ windows, sessions }: BlackoutSettings): boolean => windows.length > 0 || sessions === 'regular';

/** What tells settings apart. */
export const blackoutKey = (settings: BlackoutSettings): string => JSON.stringify(settings);

/** Whether a plan says what holds at a moment under these settings. */
export const isPlanned = (plan: BlackoutPlan | null, settings: BlackoutSettings, nowMs: number): boolean =>
  !hasBlackouts(settings) || (plan !== null && plan.key === blackoutKey(settings) && plan.fromMs <= nowMs && nowMs < plan.toMs);

/** The blackout that a moment lies in, or null. */
export const blackoutAt = (plan: BlackoutPlan | null, settings: BlackoutSettings, nowMs: number): Interval | null =>
  plan === null || !hasBlackouts(settings) ? null : (plan.intervals.find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs) ?? null);

/** When the next blackout begins, or the plan ends before one does; null without any. */
export const nextBlackoutMs = (plan: BlackoutPlan | null, settings: BlackoutSettings, nowMs: number): number | null =>
  plan === null || !hasBlackouts(settings) ? null : (plan.intervals.find(({ fromMs }) => fromMs > nowMs)?.fromMs ?? plan.toMs);

/** A plan for a calendar that cannot be read: no blackouts for an hour, with the reason. */
export const unplanned = (settings: BlackoutSettings, problem: string, nowMs: number): BlackoutPlan => ({
  key: blackoutKey(settings),
  fromMs: nowMs,
  toMs: nowMs + AFTER_PROBLEM_MS,
  intervals: [],
  problem,
});

/** Whether a training that runs is paused by blackouts. */
export const pausesTrainings = ({ settings: { blackout } }: { readonly settings: { readonly blackout: BlackoutSettings } }): boolean =>
  blackout.running === 'pause' && hasBlackouts(blackout);
