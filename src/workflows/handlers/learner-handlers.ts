import {
  ApplicationFailure,
  currentUpdateInfo,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  type ChildWorkflowHandle,
  type SignalDefinition,
  type Workflow,
} from '@temporalio/workflow';
import type { ChangeRequest, DeploymentActivities } from '../../activities/versions/versions.js';
import { operationKey } from '../../domain/ids.js';
import { recordArrival } from '../../domain/learner/arrivals.js';
import { learnerCard } from '../../domain/learner/card.js';
import {
  answerTo,
  changeProduction,
  changeSettings,
  configureLearner,
  nudgeLearner,
  pauseLearner,
  refuseChange,
  refusePause,
  refuseResume,
  refuseRetrain,
  refuseStop,
  refuseSkip,
  requestRetrain,
  resumeLearner,
  skipTraining,
  stopTraining,
} from '../../domain/learner/requests.js';
import { refuseConfiguration, refuseSettings } from '../../domain/learner/settings.js';
import type { LearnerState } from '../../domain/learner/state.js';
import type { Deployed } from '../../domain/training/run-steps.js';
import { learnerStatus } from '../../domain/learner/status.js';
import { activityProfiles } from '../activity-profiles.js';
import {
  configureUpdate,
  dataArrivedSignal,
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
  type PauseOptions,
  type ProductionChanged,
  type RetrainOptions,
} from '../messages/learner-messages.js';
import { handleTriggers } from './trigger-handlers.js';
import { pauseSignal, resumeSignal, stopSignal } from '../messages/training-run-messages.js';

const { promoteVersion, rollbackVersion } = proxyActivities<DeploymentActivities>(activityProfiles.asked);

/** A learner as its handlers and its loop share it. */
export interface LearnerEntity {
  state: LearnerState;
  /** Whether a person's change of production is under way. */
  changing: boolean;
  training: Pick<ChildWorkflowHandle<Workflow>, 'signal'> | null;
}

/** Puts the next state in place and shows it; details cost no history. */
export const record = (entity: LearnerEntity, state: LearnerState): void => {
  entity.state = state;
  setCurrentDetails(learnerCard(state, Date.now()));
};

/** Sets all handlers; to be called before the first await. */
export const handleLearnerMessages = (entity: LearnerEntity): void => {
  handleData(entity);
  handleTriggers(entity, record);
  handleRequests(entity);
  handleChanges(entity);
  setHandler(statusQuery, () => learnerStatus(entity.state, Date.now()), {
    description: 'What the learner is doing, what it waits for and until when, production, and the last decision.',
  });
  setHandler(ledgerQuery, () => entity.state.ledger, {
    description: 'The newest triggers and what became of each: acted on, merged, deferred or dropped, and why.',
  });
};

const handleData = (entity: LearnerEntity): void => {
  setHandler(dataArrivedSignal, (payload) => record(entity, recordArrival(entity.state, payload, Date.now())), {
    description:
      'Finished data files.\nOne {id, path_id, bytes, sha256} or a list; path_id is relative to the watched folder. Known ids are ignored, malformed ones counted.',
  });
  setHandler(nudgeSignal, () => record(entity, nudgeLearner(entity.state, Date.now())), {
    description: 'Try again now.\nEnds the wait after a failed training.',
  });
};

const handleRequests = (entity: LearnerEntity): void => {
  setHandler(
    retrainUpdate,
    (request?: RetrainOptions) => {
      record(entity, requestRetrain(entity.state, request ?? {}, messageId(), Date.now()));
      return answerTo(entity.state, messageId());
    },
    {
      description:
        'Train now, or after the training or blackout that is on.\n{full, reason, now}: full trains from scratch, now also in a blackout. Answers with the run that acts on it.',
      validator: (request?: RetrainOptions) => refuse(refuseRetrain(entity.state, request)),
    },
  );
  setHandler(
    pauseUpdate,
    async (request?: PauseOptions) => {
      record(entity, pauseLearner(entity.state, request?.reason ?? 'asked by hand', Date.now()));
      await tell(entity, pauseSignal);
      return learnerStatus(entity.state, Date.now());
    },
    {
      description: 'Start nothing until `resume`.\nA training that runs is checkpointed and waits. {reason}',
      validator: (request?: PauseOptions) => refuse(refusePause(entity.state, request)),
    },
  );
  setHandler(
    resumeUpdate,
    async () => {
      record(entity, resumeLearner(entity.state));
      await tell(entity, resumeSignal);
      return learnerStatus(entity.state, Date.now());
    },
    { description: 'Go on after `pause` or `stop`.', validator: () => refuse(refuseResume(entity.state)) },
  );
  setHandler(
    skipUpdate,
    (request?: PauseOptions) => {
      record(entity, skipTraining(entity.state, request?.reason ?? 'asked by hand'));
      return learnerStatus(entity.state, Date.now());
    },
    {
      description: 'Drop what waits for a training.\nIts files are trained on with the next that arrive. {reason}',
      validator: (request?: PauseOptions) => refuse(refuseSkip(entity.state, request)),
    },
  );
  setHandler(
    stopUpdate,
    async () => {
      record(entity, stopTraining(entity.state));
      await tell(entity, stopSignal);
      return learnerStatus(entity.state, Date.now());
    },
    {
      description: 'End the running training without a decision.\nIts files stay pending; nothing starts until `resume`.',
      validator: () => refuse(refuseStop(entity.state)),
    },
  );
};

const handleChanges = (entity: LearnerEntity): void => {
  setHandler(promoteUpdate, ({ version, by, reason, bucket }) => change(entity, promoteVersion, { version, by, reason }, bucket), {
    description:
      'Put a version into production.\n{version, by, reason, bucket}; recorded as a decision of that person, whatever the gate said.',
    validator: (request) => refuse(refuseChange(request, 'version', entity.changing)),
  });
  setHandler(rollbackUpdate, ({ to, by, reason, bucket }) => change(entity, rollbackVersion, { version: to ?? null, by, reason }, bucket), {
    description: 'Put an earlier version back into production.\n{to, by, reason, bucket}; without `to` the one before.',
    validator: (request) => refuse(refuseChange(request, 'to', entity.changing)),
  });
  setHandler(
    setConfigUpdate,
    (settings) => {
      record(entity, changeSettings(entity.state, settings));
      return entity.state.settings;
    },
    {
      description:
        'Change when the learner retrains, until it is changed again.\nAny of the settings that `status` shows; null lets the configuration hold again.',
      validator: (settings) => refuse(refuseSettings(settings)),
    },
  );
  setHandler(
    configureUpdate,
    (settings) => {
      record(entity, configureLearner(entity.state, settings));
      return entity.state.settings;
    },
    {
      description: 'Take in what the configuration says now.\nAll the settings of setConfig; what was changed by that stays.',
      validator: (settings) => refuse(refuseConfiguration(settings)),
    },
  );
};

const change = async (
  entity: LearnerEntity,
  carryOut: (request: ChangeRequest) => Promise<Deployed>,
  request: Pick<ChangeRequest, 'version' | 'by' | 'reason'>,
  bucket = entity.state.bucket,
): Promise<ProductionChanged> => {
  const { instrument } = entity.state;
  entity.changing = true;
  try {
    const { live: production } = await carryOut({
      ...request,
      instrument,
      bucket,
      operation: operationKey(`learner-${instrument}`, messageId()),
    });
    if (bucket === entity.state.bucket) record(entity, changeProduction(entity.state, production));
    return { production };
  } finally {
    entity.changing = false;
  }
};

/** Passes a message on to the running training. One that has just ended by itself cannot take it and need not. */
export const tell = async ({ training }: Pick<LearnerEntity, 'training'>, signal: SignalDefinition): Promise<void> => {
  try {
    await training?.signal(signal);
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
  }
};

/** The id by which a repeated update is known, also after continue-as-new. */
const messageId = (): string => currentUpdateInfo()?.id ?? 'unknown';

const refuse = (why: string | null): void => {
  if (why !== null) throw ApplicationFailure.create({ message: why, type: 'Refused', nonRetryable: true });
};
