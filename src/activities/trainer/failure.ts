import type { TrainerFailure } from '../../domain/training/trainer-protocol.js';
import { CheckpointFailed } from '../../learning/checkpoint/errors.js';

/** Errors of the trainer by name, and the type of `domain/failures` that says what to do about them; others keep their name. */
const types: Readonly<Record<string, string>> = {
  ZodError: 'BadConfig',
  ParentUnfit: 'BadConfig',
  StateMismatch: 'BadConfig',
  CheckpointMismatch: 'BadConfig',
  TrainingDiverged: 'Diverged',
  StaleEpoch: 'EpochSuperseded',
  NotADataset: 'DataCorrupt',
  TensorFileInvalid: 'DataCorrupt',
};

/** Whether an error passes once there is room on the disk again. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof CheckpointFailed
    ? error.reason !== 'other'
    : error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

/** What TensorFlow and V8 say when there is no more memory to be had, of the device or of the machine. */
const OUT_OF_MEMORY =
  /\bOOM\b|out of memory|Array buffer allocation failed|Invalid typed array length|failed to allocate|ResourceExhausted/i;

/** What went wrong, in the words that Temporal carries. */
export const failureOf = (error: unknown): TrainerFailure => {
  if (!(error instanceof Error)) return { type: 'TrainerCrashed', message: String(error) };
  if (isDiskFull(error)) return { type: 'DiskFull', message: error.message };
  return { type: OUT_OF_MEMORY.test(error.message) ? 'OutOfMemory' : (types[error.name] ?? error.name), message: error.message };
};
