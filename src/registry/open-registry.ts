import type { Logger } from '../domain/ports.js';
import { PRODUCTION_CHANNEL } from './production/change-production.js';
import { createChallengers } from './production/challengers.js';
import { openDatabase } from './database/database.js';
import { createChatBudget } from './chat-budget.js';
import { createDatasets } from './datasets.js';
import { createDecisions } from './decisions.js';
import { createDriftLooks } from './drift-looks.js';
import { createEvents, EVENTS_CHANNEL } from './events.js';
import { createExperiences } from './experiences/experiences.js';
import { createFiles } from './files.js';
import { openListener } from './database/listener.js';
import { migrate } from './migrate.js';
import { createPins } from './production/pins.js';
import { createProduction } from './production/production.js';
import { createRunMetrics } from './runs/run-metrics.js';
import { createRetention } from './production/retention.js';
import { createRuns } from './runs/runs.js';
import { createSettings } from './settings.js';
import { createTransfers } from './runs/transfers.js';
import { createTrials } from './runs/trials.js';
import { createValidations } from './validations.js';
import { createVersions } from './versions.js';

export interface RegistryOptions {
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** Gives up waiting for the database. */
  readonly signal?: AbortSignal;
}

/** The truth about files, datasets, runs, trials, versions, decisions and production: one group of functions for each. */
export type Registry = Awaited<ReturnType<typeof openRegistry>>;

/** Waits for the database, brings its schema up to date and opens the registry. Throws `DatabaseRefused`, `UnsafeDatabase`, or the signal's reason. */
export const openRegistry = async ({ databaseUrl, logger, signal }: RegistryOptions) => {
  await migrate(databaseUrl, signal === undefined ? { logger } : { logger, signal });
  const database = openDatabase(databaseUrl, logger);
  const listener = await openListener(databaseUrl, logger);
  return {
    files: createFiles(database),
    datasets: createDatasets(database),
    runs: createRuns(database),
    runMetrics: createRunMetrics(database),
    trials: createTrials(database),
    transfers: createTransfers(database),
    validations: createValidations(database),
    versions: createVersions(database),
    decisions: createDecisions(database),
    challengers: createChallengers(database),
    retention: createRetention(database),
    pins: createPins(database),
    production: createProduction(database),
    events: createEvents(database),
    driftLooks: createDriftLooks(database),
    settings: createSettings(database),
    experiences: createExperiences(database),
    chatBudget: createChatBudget(database),

    /** Calls back whenever some production may have changed, after reconnections too; gives the function that stops it. */
    onProductionChange: (changed: () => void): (() => void) => listener.on(PRODUCTION_CHANNEL, () => changed()),

    /** Calls back whenever there may be new events. */
    onEvent: (added: () => void): (() => void) => listener.on(EVENTS_CHANNEL, () => added()),

    async close(): Promise<void> {
      await Promise.all([listener.close(), database.close()]);
    },
  };
};
