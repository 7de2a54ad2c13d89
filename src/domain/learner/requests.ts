import { isStorableText } from '../storable-text.js';
import { dropOpen, isOpen, moveOpen, openTrigger } from './ledger.js';
import { isMarked, mark } from './message-marks.js';
import { outcomeNow } from './outcome-now.js';
import { laterSettings, settingsInForce, type SettingsChange } from './settings.js';
import { stamp, type AnsweredRequest, type EarlierSettings, type LearnerState } from './state.js';
import { nextRunId } from './status.js';

/** Why a request for a training is refused, or null. */
export const refuseRetrain = (state: LearnerState, request: unknown): string | null => {
  const { full, reason, now } = fieldsOf(request);
  if (full !== undefined && typeof full !== 'boolean') return `full is ${JSON.stringify(full)}: expected true or false`;
  if (now !== undefined && typeof now !== 'boolean') return `now is ${JSON.stringify(now)}: expected true or false`;
  if (reason !== undefined && !isSentence(reason)) return 'reason: expected 1 to 500 characters';
  return state.paused === null ? null : `paused (${state.paused.reason}): resume first`;
};

/** Requests whose answers are remembered. */
const REMEMBERED = 32;

/** What a request that was taken in is answered, also when it is repeated; one that is no longer remembered by what is next. */
export const answerTo = (state: LearnerState, messageId: string): Omit<AnsweredRequest, 'id'> => {
  const known = state.answered.find(({ id }) => id === messageId);
  const { trigger, run } = known ?? { trigger: state.ledger.count, run: nextRunId(state) };
  return { trigger, run };
};

/** Takes in a person's request for a training. A repeated message id changes nothing. */
export const requestRetrain = (
  state: LearnerState,
  { full = false, reason = 'asked by hand', now = false }: { readonly full?: boolean; readonly reason?: string; readonly now?: boolean },
  messageId: string,
  nowMs: number,
): LearnerState => {
  if (isMarked(state.marks, messageId)) return state;
  const { request } = state;
  const answer = { id: messageId, trigger: state.ledger.count + 1, run: nextRunId(state) };
  return {
    ...state,
    marks: mark(state.marks, [messageId]),
    answered: [...state.answered, answer].slice(-REMEMBERED),
    request: {
      full: full || (request?.full ?? false),
      reason: request?.reason ?? reason,
      ...(now || request?.now === true ? { now: true } : {}),
    },
    ledger: openTrigger(state.ledger, {
      trigger: 'manual',
      at: stamp(nowMs),
      reason: full ? `${reason} (full)` : reason,
      files: 0,
      outcome: outcomeNow(state, 'manual', nowMs),
    }),
  };
};

export const refusePause = ({ paused }: LearnerState, request: unknown): string | null => {
  const { reason } = fieldsOf(request);
  if (reason !== undefined && !isSentence(reason)) return 'reason: expected 1 to 500 characters';
  return paused === null ? null : `already paused: ${paused.reason}`;
};

/** Nothing starts until `resumeLearner`; what is open in the ledger says so. */
export const pauseLearner = (state: LearnerState, reason: string, nowMs: number): LearnerState => ({
  ...state,
  paused: { at: stamp(nowMs), reason },
  ledger: moveOpen(state.ledger, { kind: 'deferred', until: 'resume', because: reason }),
});

export const refuseResume = ({ paused }: LearnerState): string | null => (paused === null ? 'not paused' : null);

export const resumeLearner = (state: LearnerState): LearnerState => ({
  ...state,
  paused: null,
  ledger: moveOpen(state.ledger, { kind: 'waiting' }),
});

/** Why dropping what waits is refused, or null. */
export const refuseSkip = (state: LearnerState, request: unknown): string | null => {
  const { reason } = fieldsOf(request);
  if (reason !== undefined && !isSentence(reason)) return 'reason: expected 1 to 500 characters';
  return state.ledger.entries.some(isOpen) ? null : 'nothing waits for a training';
};

/** Drops everything that waits for a training. Its files stay, and are trained on with the next that arrive. */
export const skipTraining = (state: LearnerState, reason: string): LearnerState => ({
  ...state,
  window: null,
  request: null,
  notices: [],
  measured: null,
  experiences: { ...state.experiences, fresh: 0 },
  failure: state.failure === null ? null : { ...state.failure, retryAtMs: null },
  ledger: dropOpen(state.ledger, `skipped: ${reason}`),
});

export const refuseStop = ({ running }: LearnerState): string | null => {
  if (running === null) return 'no training is running';
  return running.stopping ? `${running.runId} is stopping already` : null;
};

/** Notes that the running training was told to stop. */
export const stopTraining = (state: LearnerState): LearnerState =>
  state.running === null ? state : { ...state, running: { ...state.running, stopping: true } };

/** Wakes a learner that backs off, so that it tries again now. */
export const nudgeLearner = (state: LearnerState, nowMs: number): LearnerState =>
  state.failure === null ? state : { ...state, failure: { ...state.failure, retryAtMs: nowMs } };

/** Why a person's change of production is refused, or null. `versionKey` is the argument that names the version. */
export const refuseChange = (request: unknown, versionKey: 'version' | 'to', busy: boolean): string | null => {
  const fields = fieldsOf(request);
  const version = fields[versionKey];
  const versionMissing = version === undefined && versionKey === 'to';
  if (!versionMissing && !isSentence(version))
    return `${versionKey} is ${(JSON.stringify(version) as string | undefined) ?? 'missing'}: expected a version`;
  if (fields.bucket !== undefined && !isSentence(fields.bucket)) return 'bucket: expected the name of one';
  if (!isSentence(fields.by)) return 'by: expected the name of who decides this';
  if (!isSentence(fields.reason)) return 'reason: expected why, in 1 to 500 characters';
  return busy ? 'another change of production is under way' : null;
};

/** Takes in that production is another version now. */
export const changeProduction = (state: LearnerState, production: LearnerState['production']): LearnerState => ({ ...state, production });

/** Changes settings by hand, for as long as no other hand does; what is left out stays. Call `refuseSettings` first. */
export const changeSettings = (state: LearnerState, change: SettingsChange): LearnerState => {
  const byHand = { ...state.byHand, ...change };
  return { ...state, byHand, settings: settingsInForce(state.configured, byHand) };
};

/** Takes in what the configuration says now; what was changed by hand stays. Call `refuseConfiguration` first. */
export const configureLearner = (state: LearnerState, given: EarlierSettings): LearnerState => {
  const configured = { ...laterSettings, ...given }; // in the history of a learner it may be of an earlier version of Ratchet
  return { ...state, configured, settings: settingsInForce(configured, state.byHand) };
};

const isSentence = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 500 && isStorableText(value);

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? { ...value } : {});
