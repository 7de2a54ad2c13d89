import { runJob } from '../../../src/activities/trainer/run-job.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import type { ModelBundle } from '../../../src/domain/model/model.js';
import type { TrainerMessage, TrainerResult, TrainingJob } from '../../../src/domain/training/trainer-protocol.js';
import { recordingLogger } from '../recording-logger.js';

/** What a trainer said. */
export interface RunHere {
  readonly messages: readonly TrainerMessage[];
  /** Null when it was stopped before its end. */
  readonly result: TrainerResult | null;
}

/** Does in this process what a trainer process does with a job. Stops after the first checkpoint from step `stopAt` on. */
export const runHere = async (job: TrainingJob, { stopAt = Infinity, messages = [] as TrainerMessage[] } = {}): Promise<RunHere> => {
  let step = 0;
  await runJob(job, {
    artifacts: await openFolderStore(job.artifactsFolder),
    send(message) {
      messages.push(message);
      if (message.kind === 'checkpointed') step = message.checkpoint.step;
    },
    mayCommit: () => Promise.resolve(),
    shouldStop: () => step >= stopAt,
    logger: recordingLogger(),
    clock: { now: () => performance.now() },
  });
  const last = messages.at(-1);
  return { messages, result: last?.kind === 'done' ? last.result : null };
};

/** The bundle of a finished training. */
export const bundleOf = async (job: TrainingJob, id: string | null): Promise<ModelBundle> =>
  JSON.parse(new TextDecoder().decode(await (await openFolderStore(job.artifactsFolder)).get(id ?? ''))) as ModelBundle;
