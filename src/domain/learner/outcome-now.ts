import { triggers, unheard } from '../triggers/triggers.js';
import type { TriggerName } from '../triggers/trigger.js';
import { blackoutAt } from './blackout.js';
import type { TriggerOutcome } from './ledger.js';
import { stamp, type LearnerState } from './state.js';

/** When the least distance from the training before ends, epoch ms; 0 when there was none. */
export const spacedUntilMs = ({ lastStartMs, settings }: LearnerState): number =>
  lastStartMs === null ? 0 : lastStartMs + settings.intervalMs;

/** What becomes of a trigger that arrives at this moment: it waits for its turn, or for something that is said, or is dropped. */
export const outcomeNow = (state: LearnerState, trigger: TriggerName, nowMs: number): TriggerOutcome => {
  const { running, paused, settings } = state;
  const byHand = trigger === 'manual';
  const because = unheard(trigger, settings);
  if (because !== null) return { kind: 'dropped', because };
  if (running !== null)
    return settings.queueOnCompletion || byHand
      ? { kind: 'deferred', until: `the end of ${running.runId}`, because: 'a training is never interrupted' }
      : { kind: 'dropped', because: `${running.runId} is running and queue_retrain_on_completion is off` };
  if (paused !== null) return { kind: 'deferred', until: 'resume', because: paused.reason };
  if (byHand) return { kind: 'waiting' };
  if (!settings.enabled) return { kind: 'deferred', until: 'auto-retrain is switched on', because: 'auto-retrain is off' };
  const spacedUntil = spacedUntilMs(state);
  if (triggers[trigger].spaced && spacedUntil > nowMs) return { kind: 'deferred', until: stamp(spacedUntil), because: SPACED };
  const blackout = blackoutAt(state.blackouts, settings.blackout, nowMs);
  return blackout === null ? { kind: 'waiting' } : { kind: 'deferred', until: stamp(blackout.toMs), because: 'blackout' };
};

/** Why a trigger keeps its distance. */
export const SPACED = 'least distance between trainings (retraining_interval_hours)';
