/** What is known of a kind of failure: whether trying again can help, and what a person should do. */
export interface FailureKind {
  readonly retryable: boolean;
  readonly advice: string;
}

/** Every failure that the product names, by the type under which Temporal carries it (the error's name). Retryable or not is decided here only. */
export const failureKinds = {
  BadConfig: { retryable: false, advice: 'mend the configuration named in the message, then `ratchet retrain`' },
  InvalidInstrumentId: { retryable: false, advice: 'use the id that `ratchet status` prints' },
  InstrumentUnknown: { retryable: false, advice: 'add a file for it under configs/instruments' },
  PathRefused: { retryable: false, advice: 'report files by their path relative to the watched folder' },
  FileMissing: { retryable: false, advice: 'export the file again' },
  UnknownFormat: { retryable: false, advice: 'see the formats in the documentation; set `format` for the source' },
  TooLittleData: { retryable: false, advice: 'export more sessions; training starts by itself when they arrive' },
  DataCorrupt: { retryable: false, advice: 'export the data again' },
  ArtifactMissing: { retryable: false, advice: 'restore the artifacts folder, or retrain' },
  ArtifactCorrupt: { retryable: false, advice: 'restore the artifacts folder, or retrain' },
  NoProgress: { retryable: false, advice: 'see the trainer log of this run; two attempts ended at the same step' },
  Diverged: { retryable: false, advice: 'lower the learning rate; the last good checkpoint was kept' },
  EpochSuperseded: { retryable: false, advice: 'nothing: another attempt owns the run' },
  VersionUnknown: { retryable: false, advice: 'see `ratchet models --list`' },
  ProductionChanged: { retryable: false, advice: 'compare again with what is in production now' },
  TrainerCrashed: { retryable: true, advice: 'nothing: it resumes from its newest checkpoint' },
  TrainerStalled: { retryable: true, advice: 'nothing: it resumes from its newest checkpoint' },
  DiskFull: { retryable: true, advice: 'free disk space; training goes on by itself' },
  DatabaseUnreachable: { retryable: true, advice: 'start PostgreSQL; work goes on by itself' },
} as const satisfies Record<string, FailureKind>;

const byName: ReadonlyMap<string, FailureKind> = new Map(Object.entries(failureKinds));

/** What is known of a failure type; an unnamed one may pass by itself, so it is retried. */
export const failureKind = (type: string | null | undefined): FailureKind =>
  byName.get(type ?? '') ?? { retryable: true, advice: 'see the failed activity in the Temporal Web UI' };

/** Types that no retry policy tries again. */
export const nonRetryableTypes: string[] = [...byName].filter(([, kind]) => !kind.retryable).map(([name]) => name);
