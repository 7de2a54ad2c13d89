import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DataFileMessage } from '../../domain/learner/data-file.js';
import type { ExperiencesMessage, MeasurementMessage, NoticeMessage } from '../../domain/learner/notices.js';
import type { Ledger } from '../../domain/learner/ledger.js';
import type { LearnerSettings, SettingsChange } from '../../domain/learner/settings.js';
import type { LiveVersion } from '../../domain/training/run-steps.js';
import type { LearnerStatus } from '../../domain/learner/status.js';

/** A person's request; `by` and `reason` are recorded. */
export interface Reasoned {
  readonly by: string;
  readonly reason: string;
  /** Whose production it is; the learner's own bucket unless given. */
  readonly bucket?: string;
}

export interface RetrainOptions {
  /** From scratch instead of from production. */
  readonly full?: boolean;
  readonly reason?: string;
  /** Not to wait for the end of a blackout. */
  readonly now?: boolean;
}

export interface PauseOptions {
  readonly reason?: string;
}

export interface RetrainAccepted {
  /** Number of the trigger in the ledger. */
  readonly trigger: number;
  /** The run that acts on it: the next one, or the one after a training that runs now. */
  readonly run: string;
}

export interface ProductionChanged {
  readonly production: LiveVersion | null;
}

export const dataArrivedSignal = defineSignal<[DataFileMessage | readonly DataFileMessage[]]>('dataArrived');
export const experiencesAddedSignal = defineSignal<[ExperiencesMessage | readonly ExperiencesMessage[]]>('experiencesAdded');
export const driftDetectedSignal = defineSignal<[NoticeMessage | readonly NoticeMessage[]]>('driftDetected');
export const healthDegradedSignal = defineSignal<[NoticeMessage | readonly NoticeMessage[]]>('healthDegraded');
export const scheduledSignal = defineSignal<[NoticeMessage | readonly NoticeMessage[]]>('scheduled');
export const customTriggerSignal = defineSignal<[NoticeMessage | readonly NoticeMessage[]]>('customTrigger');
export const productionMeasuredSignal = defineSignal<[MeasurementMessage | readonly MeasurementMessage[]]>('productionMeasured');
export const nudgeSignal = defineSignal('nudge');

export const retrainUpdate = defineUpdate<RetrainAccepted, [RetrainOptions]>('retrain');
export const pauseUpdate = defineUpdate<LearnerStatus, [PauseOptions]>('pause');
export const resumeUpdate = defineUpdate<LearnerStatus>('resume');
export const skipUpdate = defineUpdate<LearnerStatus, [PauseOptions]>('skip');
export const stopUpdate = defineUpdate<LearnerStatus>('stop');
export const promoteUpdate = defineUpdate<ProductionChanged, [Reasoned & { readonly version: string }]>('promote');
export const rollbackUpdate = defineUpdate<ProductionChanged, [Reasoned & { readonly to?: string }]>('rollback');
export const setConfigUpdate = defineUpdate<LearnerSettings, [SettingsChange]>('setConfig');
export const configureUpdate = defineUpdate<LearnerSettings, [LearnerSettings]>('configure');

export const statusQuery = defineQuery<LearnerStatus>('status');
export const ledgerQuery = defineQuery<Ledger>('ledger');
