import { setTimeout as delay } from 'node:timers/promises';
import { NoAnswer, Refused } from '../../client/errors.js';
import type { LearnerClient } from '../../client/learner-client.js';
import type { LearnerSettings } from '../../domain/learner/settings.js';
import type { Logger } from '../../domain/ports.js';
import type { Registry } from '../../registry/open-registry.js';

const PAUSE_MS = 5_000;

export interface RenewOptions {
  readonly registry: Registry;
  readonly learners: LearnerClient;
  readonly settings: LearnerSettings;
  /** Makes an instrument's schedules what they should be. */
  readonly keepSchedules: (instrument: string) => Promise<void>;
  readonly logger: Logger;
}

/**
 * Makes sure that each instrument that has files runs a learner and has its schedules, with the settings of now. Tries for as long as Temporal and its
 * workers take to answer. A learner that refuses the settings, as one of an older build may, keeps those that it has.
 */
export const renewLearners = async (
  { registry, learners, settings, keepSchedules, logger }: RenewOptions,
  stopping: AbortSignal,
): Promise<void> => {
  for (const instrument of await registry.files.instruments()) {
    while (!(await renewed(learners, instrument, settings, logger))) await delay(PAUSE_MS, undefined, { signal: stopping });
    await keepSchedules(instrument);
  }
};

const renewed = async (learners: LearnerClient, instrument: string, settings: LearnerSettings, logger: Logger): Promise<boolean> => {
  try {
    await learners.configure(instrument, settings);
    return true;
  } catch (error) {
    if (error instanceof Refused) {
      logger.error(`the learner of ${instrument} keeps the settings that it has: it refused those of now`, { reason: error.message });
      return true;
    }
    if (!(error instanceof NoAnswer)) throw error;
    logger.warn(`the learner of ${instrument} does not answer yet; trying again`, { reason: error.message });
    return false;
  }
};
