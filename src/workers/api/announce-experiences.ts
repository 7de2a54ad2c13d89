import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { startAnnotation } from '../../client/start-annotation.js';
import { reportExperiences } from '../../client/report-experiences.js';
import type { LearnerSettings } from '../../domain/learner/settings.js';
import type { Logger } from '../../domain/ports.js';
import type { Registry } from '../../registry/open-registry.js';

export interface AnnounceOptions {
  readonly registry: { readonly experiences: Pick<Registry['experiences'], 'announcements'> };
  readonly client: Client;
  /** Of learners that are started by their first experiences. */
  readonly settings: LearnerSettings;
  readonly logger: Logger;
  /** Experiences of so long a time are one message. */
  readonly everyMs: number;
  /** Whether trades are explained by Ratchet. */
  readonly annotates: boolean;
}

/** Tells learners how many experiences came, whoever stored them: each is counted once, through failures and restarts of all concerned. Gives the function that stops it. */
export const announceExperiences = ({ registry, client, settings, logger, everyMs, annotates }: AnnounceOptions): (() => Promise<void>) => {
  const ended = new AbortController();
  const { announcements } = registry.experiences;

  const announce = async (): Promise<void> => {
    for (const announcement of await announcements.begin()) {
      const { instrument, from, to } = announcement;
      await reportExperiences(client, instrument, settings, { id: `experiences-${instrument}-${to}`, count: to - from });
      if (annotates) await startAnnotation(client, instrument);
      await announcements.done(announcement);
    }
  };

  const run = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await announce().catch((error: unknown) =>
        logger.debug('new experiences could not be announced; trying again', { reason: String(error) }),
      );
      await delay(everyMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };

  const running = run();
  return () => {
    ended.abort();
    return running;
  };
};
