import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { DEFAULT_BUCKET } from '../domain/agent/bucket.js';
import { learnerId } from '../domain/ids.js';
import type { Ledger } from '../domain/learner/ledger.js';
import type { LearnerSettings, SettingsChange } from '../domain/learner/settings.js';
import { newLearner } from '../domain/learner/state.js';
import type { LearnerStatus } from '../domain/learner/status.js';
import { taskQueues } from '../domain/orchestration/task-queues.js';
import type { SequenceProgress } from '../domain/sequence/sequence.js';
import type { TrainingProgress } from '../domain/training/training-run.js';
import {
  configureUpdate,
  ledgerQuery,
  nudgeSignal,
  pauseUpdate,
  promoteUpdate,
  resumeUpdate,
  retrainUpdate,
  rollbackUpdate,
  setConfigUpdate,
  skipUpdate,
  statusQuery,
  stopUpdate,
  type ProductionChanged,
  type Reasoned,
  type RetrainAccepted,
  type RetrainOptions,
} from '../workflows/messages/learner-messages.js';
import { learner } from '../workflows/learner.js';
import { progressQuery } from '../workflows/messages/training-run-messages.js';
import { askQuery } from './ask-query.js';
import { clientError, Refused } from './errors.js';
import { runActivity, type RunActivity } from './run-activity.js';

export interface LearnerClientOptions {
  readonly client: Client;
  /** Longest wait for one answer. */
  readonly deadlineMs?: number;
  /** Longest wait for the answer to a question that changes nothing; `deadlineMs` unless given. */
  readonly queryDeadlineMs?: number;
}

/** Names a request: the same name again for the same verb is the same request, so that a caller may repeat it safely. */
export interface Repeatable {
  readonly requestId?: string;
}

export type LearnerClient = ReturnType<typeof createLearnerClient>;

/** What people and programs ask of learners. Every call has a deadline; throws `Refused`, `LearnerMissing`, `NoAnswer`. */
export const createLearnerClient = ({ client, deadlineMs = 30_000, queryDeadlineMs = deadlineMs }: LearnerClientOptions) => {
  const handleOf = (instrument: string): WorkflowHandle<typeof learner> => client.workflow.getHandle<typeof learner>(learnerId(instrument));

  const answering =
    (answer: <T>(call: () => Promise<T>) => Promise<T>) =>
    async <T>(instrument: string, what: string, call: (handle: WorkflowHandle<typeof learner>) => Promise<T>): Promise<T> => {
      try {
        return await answer(() => call(handleOf(instrument)));
      } catch (error) {
        throw clientError(instrument, what, error);
      }
    };
  const ask = answering((call) => client.withDeadline(Date.now() + deadlineMs, call));
  const query = answering((call) => askQuery(client, queryDeadlineMs, call));

  /** Starts the instrument's learner with these settings; one that runs is left as it is. */
  const ensureLearner = async (instrument: string, settings: LearnerSettings): Promise<void> => {
    await ask(instrument, 'start', () => client.workflow.start(learner, startOptions(instrument, settings)));
  };

  const status = (instrument: string): Promise<LearnerStatus> => query(instrument, 'status', (handle) => handle.query(statusQuery));

  /** Workers of an earlier version of Ratchet would change bucket `default`, whichever is named. */
  const assertKnowsBuckets = async (instrument: string, bucket = DEFAULT_BUCKET): Promise<void> => {
    if (bucket !== DEFAULT_BUCKET && !('cycle' in (await status(instrument)).settings))
      throw new Refused(
        `the learner of ${instrument} is run by workers of an earlier version, which know no bucket ${bucket}: stop those first`,
      );
  };

  return {
    ensureLearner,

    /** Gives the instrument's learner, which is started if need be, the settings of a changed configuration; what was changed by `setConfig` stays. */
    async configure(instrument: string, settings: LearnerSettings): Promise<LearnerSettings> {
      await ensureLearner(instrument, settings);
      return ask(instrument, 'configure', (handle) => handle.executeUpdate(configureUpdate, { args: [settings] }));
    },

    /** Asks for a training; the answer names the run that will act on it. */
    retrain: (instrument: string, { requestId, ...options }: RetrainOptions & Repeatable = {}): Promise<RetrainAccepted> =>
      ask(instrument, 'retrain', (handle) =>
        handle.executeUpdate(retrainUpdate, { args: [options], updateId: updateId('retrain', requestId) }),
      ),

    pause: (instrument: string, reason?: string): Promise<LearnerStatus> =>
      ask(instrument, 'pause', (handle) => handle.executeUpdate(pauseUpdate, { args: [reason === undefined ? {} : { reason }] })),

    resume: (instrument: string): Promise<LearnerStatus> => ask(instrument, 'resume', (handle) => handle.executeUpdate(resumeUpdate)),

    /** Drops what waits for a training; its files go with the next that arrive. */
    skip: (instrument: string, reason?: string): Promise<LearnerStatus> =>
      ask(instrument, 'skip', (handle) => handle.executeUpdate(skipUpdate, { args: [reason === undefined ? {} : { reason }] })),

    /** Ends the running training without a decision. */
    stop: (instrument: string): Promise<LearnerStatus> => ask(instrument, 'stop', (handle) => handle.executeUpdate(stopUpdate)),

    /** Puts a version into production, whatever the gate said; recorded with who and why. */
    async promote(
      instrument: string,
      { requestId, ...change }: Reasoned & { readonly version: string } & Repeatable,
    ): Promise<ProductionChanged> {
      await assertKnowsBuckets(instrument, change.bucket);
      return ask(instrument, 'promote', (handle) =>
        handle.executeUpdate(promoteUpdate, { args: [change], updateId: updateId('promote', requestId) }),
      );
    },

    /** Puts an earlier version back into production, by default the one before. */
    async rollback(
      instrument: string,
      { requestId, ...change }: Reasoned & { readonly to?: string } & Repeatable,
    ): Promise<ProductionChanged> {
      await assertKnowsBuckets(instrument, change.bucket);
      return ask(instrument, 'rollback', (handle) =>
        handle.executeUpdate(rollbackUpdate, { args: [change], updateId: updateId('rollback', requestId) }),
      );
    },

    /** Changes settings until they are changed again, whatever the configuration says; null takes a change back. */
    setConfig: (instrument: string, settings: SettingsChange): Promise<LearnerSettings> =>
      ask(instrument, 'setConfig', (handle) => handle.executeUpdate(setConfigUpdate, { args: [settings] })),

    /** Ends a learner's wait after a failure. */
    nudge: (instrument: string): Promise<void> => ask(instrument, 'nudge', (handle) => handle.signal(nudgeSignal)),

    status,

    ledger: (instrument: string): Promise<Ledger> => query(instrument, 'ledger', (handle) => handle.query(ledgerQuery)),

    /** Progress of one training run, also after its end while Temporal keeps it; of a pass over the buckets that of the run under way, null between two. */
    async progress(instrument: string, runId: string): Promise<TrainingProgress | null> {
      const ask = (id: string): Promise<TrainingProgress | SequenceProgress> =>
        query(instrument, 'progress', () => client.workflow.getHandle(id).query<TrainingProgress | SequenceProgress>(progressQuery.name));
      const told = await ask(runId);
      if (!('buckets' in told)) return told;
      const inner = told.runId === null ? null : await ask(told.runId);
      return inner === null || 'buckets' in inner ? null : inner;
    },

    /** What a training run does at this moment, as its activity said last. */
    activity: (instrument: string, runId: string): Promise<RunActivity | null> => runActivity(client, instrument, runId, deadlineMs),
  };
};

/** Temporal answers an id that it knows with what it stood for, whatever the update is: so it names the verb, too. */
const updateId = (verb: string, requestId: string = randomUUID()): string => `${verb}/${requestId}`;

/** How a learner is started: an existing one is left as it is. */
export const startOptions = (instrument: string, settings: LearnerSettings) => ({
  workflowId: learnerId(instrument),
  taskQueue: taskQueues.orchestration,
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  args: [newLearner(instrument, settings)] satisfies Parameters<typeof learner>,
  staticSummary: `keeps ${instrument} learning`,
});
