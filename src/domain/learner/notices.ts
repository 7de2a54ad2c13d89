import { isStorableText } from '../storable-text.js';
import { experiences as experiencesTrigger } from '../triggers/experiences.js';
import { performance } from '../triggers/performance.js';
import type { NoticedTrigger, TriggerName } from '../triggers/trigger.js';
import { recordProblems } from './arrivals.js';
import { dropOpen, openOrJoin } from './ledger.js';
import { mark, unmarked } from './message-marks.js';
import { factsOf } from './next-step.js';
import { outcomeNow } from './outcome-now.js';
import { stamp, type LearnerState } from './state.js';

/** Experiences that became durable: `id` names the message, which may be sent again. */
export interface ExperiencesMessage {
  readonly id: string;
  readonly count: number;
}

/** A trigger that somebody outside has found. */
export interface NoticeMessage {
  readonly id: string;
  readonly reason: string;
  readonly full?: boolean;
}

/** What production would have earned on the newest days; `net_return` is a fraction of cash. */
export interface MeasurementMessage {
  readonly id: string;
  readonly version: string;
  readonly net_return: number;
  readonly days: number;
}

/** Takes in `experiencesAdded`, one message or a list; the count that crosses the threshold opens the trigger. */
export const recordExperiences = (state: LearnerState, payload: unknown, nowMs: number): LearnerState =>
  eachMessage(state, payload, readExperiences, (known, { count }) => {
    const wasDue = experiencesTrigger.find(factsOf(known), known.settings) !== null;
    const { total, fresh } = known.experiences;
    const counted: LearnerState = { ...known, experiences: { total: total + count, fresh: fresh + count } };
    const found = experiencesTrigger.find(factsOf(counted), counted.settings);
    return found === null || wasDue ? counted : trigger(counted, known, 'experiences', found.reason, nowMs);
  });

/** Takes in what somebody outside has found, one message or a list. */
export const recordNotice = (state: LearnerState, kind: NoticedTrigger, payload: unknown, nowMs: number): LearnerState =>
  eachMessage(state, payload, readNotice, (known, { reason, full = false }) => {
    const earlier = known.notices.find((notice) => notice.trigger === kind);
    const notices = [
      ...known.notices.filter((notice) => notice !== earlier),
      { trigger: kind, reason: earlier?.reason ?? reason, full: full || (earlier?.full ?? false) },
    ];
    return trigger({ ...known, notices }, known, kind, full ? `${reason} (full)` : reason, nowMs);
  });

/** Takes in how production does, one message or a list. */
export const recordMeasurement = (state: LearnerState, payload: unknown, nowMs: number): LearnerState =>
  eachMessage(state, payload, readMeasurement, (known, { version, net_return: netReturn, days }) => {
    const measured: LearnerState = { ...known, measured: { version, netReturn, days } };
    const found = performance.find(factsOf(measured), measured.settings);
    if (found !== null) return trigger(measured, known, 'performance', found.reason, nowMs);
    return { ...measured, ledger: dropOpen(measured.ledger, `${version} returned more since`, 'performance') };
  });

/** Opens the trigger; one that is dropped leaves nothing behind, but experiences were lived all the same, and ask for nothing any more. */
const trigger = (changed: LearnerState, before: LearnerState, kind: TriggerName, reason: string, nowMs: number): LearnerState => {
  const outcome = outcomeNow(changed, kind, nowMs);
  const ledger = openOrJoin(changed.ledger, { trigger: kind, at: stamp(nowMs), reason, files: 0, outcome });
  if (outcome.kind !== 'dropped') return { ...changed, ledger };
  const experiences = kind === 'experiences' ? { ...changed.experiences, fresh: 0 } : before.experiences;
  return { ...before, experiences, ledger };
};

/** Reads one message or a list; those that came before are ignored, malformed ones counted. */
const eachMessage = <Message extends { readonly id: string }>(
  state: LearnerState,
  payload: unknown,
  read: (item: unknown) => Message | string,
  take: (state: LearnerState, message: Message) => LearnerState,
): LearnerState => {
  const items = (Array.isArray(payload) ? payload : [payload]).map(read);
  const readable = items.filter((item) => typeof item !== 'string');
  const problems = items.filter((item) => typeof item === 'string');
  const fresh = unmarked(state.marks, readable);
  const marks = mark(
    state.marks,
    fresh.map(({ id }) => id),
  );
  return fresh.reduce(take, { ...recordProblems(state, problems), marks });
};

const readExperiences = (item: unknown): ExperiencesMessage | string => {
  const { id, count } = fieldsOf(item);
  if (!isId(id)) return `id is ${shown(id)}: expected text of 1 to 200 characters`;
  return isCount(count) ? { id, count } : `count of ${id} is ${shown(count)}: expected a whole number of experiences`;
};

const readNotice = (item: unknown): NoticeMessage | string => {
  const { id, reason, full = false } = fieldsOf(item);
  if (!isId(id)) return `id is ${shown(id)}: expected text of 1 to 200 characters`;
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > 500 || !isStorableText(reason))
    return `reason of ${id} is ${shown(reason)}: expected why, in 1 to 500 characters`;
  return typeof full === 'boolean' ? { id, reason, full } : `full of ${id} is ${shown(full)}: expected true or false`;
};

const readMeasurement = (item: unknown): MeasurementMessage | string => {
  const { id, version, net_return: netReturn, days } = fieldsOf(item);
  if (!isId(id)) return `id is ${shown(id)}: expected text of 1 to 200 characters`;
  if (!isId(version)) return `version of ${id} is ${shown(version)}: expected a version's name`;
  if (!isNumber(netReturn)) return `net_return of ${id} is ${shown(netReturn)}: expected a fraction of cash`;
  return isNumber(days) && days > 0
    ? { id, version, net_return: netReturn, days }
    : `days of ${id} is ${shown(days)}: expected a number above 0`;
};

const isId = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 200 && isStorableText(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
const fieldsOf = (item: unknown): Readonly<Record<string, unknown>> => (typeof item === 'object' && item !== null ? { ...item } : {});
const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80));
