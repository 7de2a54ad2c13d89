import { constants, setPriority, getPriority } from 'node:os';
import { failureOf } from '../activities/trainer/failure.js';
import { runJob } from '../activities/trainer/run-job.js';
import { openFolderStore } from '../artifacts/folder-store.js';
import { readEnvironment } from '../config/environment.js';
import type { TrainerCommand, TrainerFailure, TrainerMessage, TrainingJob } from '../domain/training/trainer-protocol.js';
import { createLogger } from '../telemetry/logger.js';

// The trainer process: one attempt of one run, with TensorFlow and the device to itself. Forked by the `train` activity, it obeys messages alone
// and ends with its parent, however that ends.

/** Exit status when the parent went away. */
const ORPHANED = 70;

let stopping = false;
let answerCommit: ((refusal: TrainerFailure | null) => void) | null = null;

process.on('disconnect', () => process.exit(ORPHANED));
// Ctrl-C reaches the whole process group, and a service manager signals all of it: what to do is for the parent to say.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// A file beyond the process's limit becomes an error of the write instead of death.
if (process.platform !== 'win32') process.on('SIGXFSZ', () => undefined);
// What cannot be logged (a full disk under the log) is no reason to stop training.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.on('message', (message: unknown) => {
  if (!isCommand(message)) return;
  if (message.kind === 'train') void attempt(message.job);
  else if (message.kind === 'checkpointAndStop') stopping = true;
  else answerCommit?.(message.refusal);
});

const attempt = async (job: TrainingJob): Promise<void> => {
  const logger = createLogger(readEnvironment().logLevel, undefined, { service: 'trainer', run: job.runId, epoch: job.epoch });
  if (job.nice > 0) setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + job.nice));
  try {
    await runJob(job, {
      artifacts: await openFolderStore(job.artifactsFolder),
      send: (message) => void tell(message),
      mayCommit,
      shouldStop: () => stopping,
      logger,
      clock: { now: () => performance.now() },
    });
  } catch (error) {
    const failure = failureOf(error);
    logger.error(failure.message, { type: failure.type, stack: error instanceof Error ? error.stack : undefined });
    await tell({ kind: 'failed', failure });
  }
  process.disconnect();
};

/** Asks the parent whether this attempt still owns the run. */
const mayCommit = async (step: number): Promise<void> => {
  const answered = new Promise<TrainerFailure | null>((resolve) => (answerCommit = resolve));
  await tell({ kind: 'mayCommit', step });
  const refusal = await answered;
  if (refusal !== null) throw Object.assign(new Error(refusal.message), { name: refusal.type });
};

/** Resolves once the message is on its way; a parent that is gone ends this process instead. */
const tell = (message: TrainerMessage): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined)
      throw new Error('the trainer process is started by the trainer worker, not by hand: it needs an IPC channel');
    process.send(message, undefined, {}, (error) => (error === null ? resolve() : process.exit(ORPHANED)));
  });

const isCommand = (message: unknown): message is TrainerCommand => typeof message === 'object' && message !== null && 'kind' in message;
