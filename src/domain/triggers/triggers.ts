import type { LearnerSettings } from '../learner/settings.js';
import { age } from './age.js';
import { custom } from './custom.js';
import { drift } from './drift.js';
import { experiences } from './experiences.js';
import { health } from './health.js';
import { manual } from './manual.js';
import { newData } from './new-data.js';
import { performance } from './performance.js';
import { schedule } from './schedule.js';
import { triggerNames, type Finding, type Trigger, type TriggerFacts, type TriggerName } from './trigger.js';

/** Every trigger. To add one: its name in `trigger.ts`, a file, and a line here. */
export const triggers: Readonly<Record<TriggerName, Trigger>> = {
  manual,
  newData,
  experiences,
  schedule,
  performance,
  drift,
  health,
  age,
  custom,
};

/** Those that look at the model of bucket `default`, or at what was lived for it: they ask nothing of a learner that trains the other buckets. */
const OF_DEFAULT: ReadonlySet<TriggerName> = new Set(['experiences', 'performance', 'drift', 'health']);

/** Why a trigger asks nothing of a learner with these settings; null where it may. */
export const unheard = (trigger: TriggerName, { cycle }: Pick<LearnerSettings, 'cycle'>): string | null =>
  cycle !== 'single' && OF_DEFAULT.has(trigger) ? 'this is of bucket default, and the learner trains others (auto_retrain.cycle)' : null;

/** A trigger that wants a training, with when it may begin. */
export interface Wanted extends Finding {
  readonly trigger: TriggerName;
  /** Whether it is the least distance between trainings that it waits for. */
  readonly spaced: boolean;
}

/** All triggers that want a training, the soonest first. `spacedUntilMs` is when the least distance from the training before ends. */
export const wantedBy = (facts: TriggerFacts, settings: LearnerSettings, spacedUntilMs: number): readonly Wanted[] =>
  triggerNames
    .filter((trigger) => unheard(trigger, settings) === null)
    .flatMap((trigger): Wanted[] => {
      const { spaced, find } = triggers[trigger];
      const found = find(facts, settings);
      if (found === null) return [];
      const waits = spaced && spacedUntilMs > found.dueMs;
      return [{ ...found, trigger, spaced: waits, dueMs: waits ? spacedUntilMs : found.dueMs }];
    })
    .toSorted((one, other) => one.dueMs - other.dueMs);
