import { isCrowded, putAside, recordArrival } from '../../../src/domain/learner/arrivals.js';
import { blackoutKey, type Interval } from '../../../src/domain/learner/blackout.js';
import { finishTraining, startTraining } from '../../../src/domain/learner/cycle.js';
import { isOpen, type LedgerEntry } from '../../../src/domain/learner/ledger.js';
import { deferOpen, nextStep } from '../../../src/domain/learner/next-step.js';
import { recordExperiences, recordMeasurement, recordNotice } from '../../../src/domain/learner/notices.js';
import { requestRetrain } from '../../../src/domain/learner/requests.js';
import type { LearnerSettings } from '../../../src/domain/learner/settings.js';
import { newLearner, type LearnerState } from '../../../src/domain/learner/state.js';
import type { NoticedTrigger } from '../../../src/domain/triggers/trigger.js';
import { dataFile } from './learners.js';

/** What reaches a learner, by the virtual clock. */
export type LearnerEvent = { readonly atMs: number } & (
  | { readonly kind: 'file' }
  | { readonly kind: 'experiences'; readonly count: number }
  | { readonly kind: 'notice'; readonly trigger: NoticedTrigger }
  | { readonly kind: 'measured'; readonly netReturn: number }
  | { readonly kind: 'manual' }
);

export interface VirtualWorld {
  readonly fromMs: number;
  readonly toMs: number;
  readonly settings: LearnerSettings;
  /** In order of time. */
  readonly events: readonly LearnerEvent[];
  readonly blackouts: readonly Interval[];
  /** How long the n-th training takes, from 1 on. */
  readonly trainingMs: (cycle: number) => number;
}

/** Lives a learner's decisions by a virtual clock, as its workflow does by the server's; returns what became of each trigger, in order. */
export const liveVirtually = ({ fromMs, toMs, settings, events, blackouts, trainingMs }: VirtualWorld): readonly LedgerEntry[] => {
  const plan = { key: blackoutKey(settings.blackout), fromMs, toMs, intervals: blackouts, problem: null };
  const ledger = new Map<number, LedgerEntry>();
  let state: LearnerState = { ...newLearner('ES', settings), recalled: true, blackouts: plan };
  let endsMs = Infinity;
  let next = 0;
  for (let nowMs = fromMs; nowMs < toMs;) {
    if (nowMs === endsMs && state.running !== null) {
      const { runId } = state.running;
      state = finishTraining(state, { kind: 'skipped', runId, summary: 'virtual' }, nowMs);
      endsMs = Infinity;
    }
    for (let event = events[next]; event?.atMs === nowMs; event = events[++next]) state = settled(take(state, event, next));
    let untilMs: number | null = null;
    if (state.running === null) {
      const step = nextStep(state, nowMs);
      if (step.kind === 'train') {
        const started = startTraining(state, nowMs);
        endsMs = nowMs + trainingMs(started.cycle);
        state = started;
      } else {
        state = deferOpen(state, step);
        untilMs = step.untilMs;
      }
    }
    for (const entry of state.ledger.entries) if (!isOpen(entry)) ledger.set(entry.number, entry);
    nowMs = Math.min(events[next]?.atMs ?? Infinity, untilMs ?? Infinity, endsMs, toMs);
  }
  return [...ledger.values()].toSorted((one, other) => one.number - other.number);
};

/** Many files are put aside, as the workflow does it. */
const settled = (state: LearnerState): LearnerState =>
  isCrowded(state) ? putAside(state, state.pending, { artifact: 'aside', count: state.pending.length }) : state;

const take = (state: LearnerState, event: LearnerEvent, index: number): LearnerState => {
  const id = `event-${index}`;
  switch (event.kind) {
    case 'file':
      return recordArrival(state, dataFile(id), event.atMs);
    case 'experiences':
      return recordExperiences(state, { id, count: event.count }, event.atMs);
    case 'notice':
      return recordNotice(state, event.trigger, { id, reason: 'noticed' }, event.atMs);
    case 'measured':
      return recordMeasurement(state, { id, version: 'v1', net_return: event.netReturn, days: 7 }, event.atMs);
    case 'manual':
      return requestRetrain(state, {}, id, event.atMs);
  }
};
