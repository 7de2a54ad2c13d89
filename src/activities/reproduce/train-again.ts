import { once } from 'node:events';
import type { TrainerProgress, TrainingJob } from '../../domain/training/trainer-protocol.js';
import { converse } from '../training/converse.js';
import { forkTrainer, type ForkOptions } from '../training/fork-trainer.js';

const STALLED_MS = 600_000;

/** Trains a job in a process of its own, as a worker does, and returns the artifact id of the bundle. Throws when training fails. */
export const trainAgain = async (
  job: TrainingJob,
  options: ForkOptions,
  onProgress: (progress: TrainerProgress) => void,
): Promise<string> => {
  const child = forkTrainer({ logLevel: 'error', ...options });
  const exited = once(child, 'exit');
  const conversation = converse(child, {
    stallAfterMs: STALLED_MS,
    mayCommit: () => Promise.resolve(null), // nobody else trains in this folder
    onNews: (news) => {
      if (news.kind === 'progress') onProgress(news.progress);
    },
  });
  try {
    conversation.tell({ kind: 'train', job });
    const ending = await conversation.ended;
    if (ending.kind === 'done' && ending.result.bundle !== null) return ending.result.bundle;
    throw new Error(
      ending.kind === 'failed' ? `${ending.failure.type}: ${ending.failure.message}` : 'the trainer stopped before its last step',
    );
  } finally {
    conversation.close();
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await exited;
    }
  }
};
