/** What is known of a kind of failure: whether trying again can help, and what a person should do. */
export interface FailureKind {
  readonly retryable: boolean;
  readonly advice: string;
}

/** Every failure that the product names, by the type under which Temporal carries it (the error's name). Retryable or not is decided here only. */
export const failureKinds = {
  BadConfig: { retryable: false, advice: 'mend the configuration named in the message, then `ratchet retrain`' },
  InvalidConfig: { retryable: false, advice: 'mend the configuration named in the message' },
  InvalidConfigFile: { retryable: false, advice: 'mend the file named in the message, then `ratchet retrain`' },
  UnknownFeature: { retryable: false, advice: 'mend training.environment.features, then `ratchet retrain`' },
  InvalidInstrumentId: { retryable: false, advice: 'use the id that `ratchet status` prints' },
  InstrumentUnknown: { retryable: false, advice: 'add it to `instruments` in the configuration or to configs/instruments' },
  TooLittleData: { retryable: false, advice: 'export more sessions; training starts by itself when they arrive' },
  TooFewSessions: { retryable: false, advice: 'export more sessions, or validate with fewer groups or folds' },
  LeakedWindow: { retryable: false, advice: 'export more sessions: models are compared on what neither has learned from' },
  LookAhead: {
    retryable: false,
    advice: 'nothing is judged by what knows the future: mend what the message names, then `ratchet retrain`',
  },
  DataCorrupt: { retryable: false, advice: 'restore the artifacts folder, or export the data again' },
  NotADataset: { retryable: false, advice: 'restore the artifacts folder, or export the data again' },
  ArtifactMissing: { retryable: false, advice: 'restore the artifacts folder, or retrain' },
  ArtifactCorrupt: { retryable: false, advice: 'restore the artifacts folder, or retrain' },
  UnsuitableModel: {
    retryable: false,
    advice: 'retrain: the exported model does not fit its own description, or answers with what is no number',
  },
  NoProgress: { retryable: false, advice: "see the trainer's log of this run: its attempts end at the same step" },
  Diverged: { retryable: false, advice: 'lower the learning rate; the last good checkpoint was kept' },
  EpochSuperseded: { retryable: false, advice: 'nothing: another attempt owns the run' },
  StaleEpoch: { retryable: false, advice: 'nothing: another attempt owns the run' },
  NotRegistered: { retryable: false, advice: 'see `ratchet models --list`' },
  InvalidVersionReference: { retryable: false, advice: 'see `ratchet models --list`' },
  AmbiguousVersion: { retryable: false, advice: 'give the whole name that `ratchet models --list` prints' },
  ProductionConflict: { retryable: false, advice: 'compare again with what is in production now' },
  OperationKeyReused: { retryable: false, advice: 'repeat the request with a new id' },
  RecordConflict: { retryable: false, advice: 'report this: two different records have one name' },
  TrainerCrashed: { retryable: true, advice: 'nothing: it resumes from its newest checkpoint' },
  TrainerStalled: { retryable: true, advice: 'nothing: it resumes from its newest checkpoint' },
  OutOfMemory: { retryable: true, advice: 'nothing: it resumes with half the batch; a smaller training.batch_size avoids it' },
  DiskFull: { retryable: true, advice: 'free disk space; training goes on by itself' },
} as const satisfies Record<string, FailureKind>;

const byName: ReadonlyMap<string, FailureKind> = new Map(Object.entries(failureKinds));

/** What is known of a failure type; an unnamed one may pass by itself, so it is retried. */
export const failureKind = (type: string | null | undefined): FailureKind =>
  byName.get(type ?? '') ?? { retryable: true, advice: 'see the failed activity in the Temporal Web UI' };

/** Types that no retry policy tries again. */
export const nonRetryableTypes: string[] = [...byName].filter(([, kind]) => !kind.retryable).map(([name]) => name);
