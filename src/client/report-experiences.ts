import type { Client } from '@temporalio/client';
import type { LearnerSettings } from '../domain/learner/settings.js';
import { experiencesAddedSignal } from '../workflows/messages/learner-messages.js';
import { learner } from '../workflows/learner.js';
import { startOptions } from './learner-client.js';

const DEADLINE_MS = 10_000;

/** Tells an instrument's learner, which is started if need be, how many experiences were added; the same id again counts once. Throws what Temporal's client throws. */
export const reportExperiences = async (
  client: Client,
  instrument: string,
  settings: LearnerSettings,
  added: { readonly id: string; readonly count: number },
): Promise<void> => {
  await client.withDeadline(Date.now() + DEADLINE_MS, () =>
    client.workflow.signalWithStart(learner, {
      ...startOptions(instrument, settings),
      signal: experiencesAddedSignal,
      signalArgs: [added],
    }),
  );
};
