import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { dataFileMessage, type DataFile } from '../domain/learner/data-file.js';
import type { LearnerSettings } from '../domain/learner/settings.js';
import type { Logger } from '../domain/ports.js';
import { dataArrivedSignal } from '../workflows/messages/learner-messages.js';
import { learner } from '../workflows/learner.js';
import { isUnanswered } from './errors.js';
import { startOptions } from './learner-client.js';

export interface ReportOptions {
  readonly client: Client;
  readonly instrument: string;
  /** Given to the learner when this starts it. */
  readonly settings: LearnerSettings;
  readonly files: readonly DataFile[];
  readonly logger: Logger;
  /** Gives up. */
  readonly signal?: AbortSignal;
  /** Longest wait for one answer. */
  readonly deadlineMs?: number;
}

/** Files in one message: a run of a workflow takes 10,000 messages at most, and one message 2 MB. */
const BATCH = 200;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Reports finished files to the instrument's learner, which starts if need be. Tries until Temporal has taken each message; their ids make repeats harmless. */
export const reportFiles = async ({ files, ...options }: ReportOptions): Promise<void> => {
  for (let from = 0; from < files.length; from += BATCH) await reportBatch(options, files.slice(from, from + BATCH));
};

const reportBatch = async (
  { client, instrument, settings, logger, signal, deadlineMs = 10_000 }: Omit<ReportOptions, 'files'>,
  files: readonly DataFile[],
): Promise<void> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    try {
      await client.withDeadline(Date.now() + deadlineMs, () =>
        client.workflow.signalWithStart(learner, {
          ...startOptions(instrument, settings),
          signal: dataArrivedSignal,
          signalArgs: [files.map(dataFileMessage)],
        }),
      );
      return;
    } catch (error) {
      if (!isUnanswered(error)) throw error;
      logger.warn(`Temporal did not take the report of ${files.length} files of ${instrument}; trying again`, {
        reason: error.message,
        pauseMs,
      });
    }
    await delay(pauseMs, undefined, signal === undefined ? {} : { signal });
  }
};
