import type { LearnerSettings } from '../learner/settings.js';

export const triggerNames = ['manual', 'newData', 'experiences', 'schedule', 'performance', 'drift', 'health', 'age', 'custom'] as const;

/** What can ask for a training; the table of `triggers.ts` has one entry for each. */
export type TriggerName = (typeof triggerNames)[number];

/** Urgency of a training by what asks for it: 1 is trained first, 5 last. */
export type TriggerPriorities = Readonly<Record<TriggerName, number>>;

/** Triggers that somebody outside has found: a schedule's tick, a drift detector, a health check, a user's own module. */
export type NoticedTrigger = Extract<TriggerName, 'schedule' | 'drift' | 'health' | 'custom'>;

/** One of them, as it was reported. */
export interface Notice {
  readonly trigger: NoticedTrigger;
  readonly reason: string;
  /** Whether training is to begin from scratch. */
  readonly full: boolean;
}

/** Lived experiences by number: ever reported, and since the newest training began. */
export interface ExperienceCount {
  readonly total: number;
  readonly fresh: number;
}

/** What production would have earned on the newest bars, or has. */
export interface Measurement {
  readonly version: string;
  /** Net of all costs, as a fraction of cash. */
  readonly netReturn: number;
  readonly days: number;
}

/** All that triggers decide from: what came in since the newest training began. Plain JSON. */
export interface TriggerFacts {
  readonly request: { readonly full: boolean; readonly reason: string } | null;
  /** First and last arrival of pending files, epoch ms by the server's clock; null when there is nothing new. */
  readonly window: { readonly firstMs: number; readonly lastMs: number } | null;
  /** Files that wait to be trained on. */
  readonly files: number;
  readonly experiences: ExperienceCount;
  readonly notices: readonly Notice[];
  readonly measured: Measurement | null;
  /** When a training was decided on or begun last, epoch ms. */
  readonly trainedMs: number | null;
}

/** A training is due from `dueMs` on (epoch ms; 0 for at once). */
export interface Finding {
  readonly dueMs: number;
  readonly reason: string;
  readonly full: boolean;
}

/** One way in which a training comes to be wanted: a pure function of the facts. */
export interface Trigger {
  /** Whether it keeps `retraining_interval_hours` from the training before; what a person or a new file asks for does not wait so long. */
  readonly spaced: boolean;
  /** Whether it trains on the same bars once more where no new ones have come. */
  readonly repeats: boolean;
  readonly find: (facts: TriggerFacts, settings: LearnerSettings) => Finding | null;
}
