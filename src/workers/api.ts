import { join } from 'node:path';
import { parseTokens } from '../api/access.js';
import { createApi } from '../api/app.js';
import { GRID_PATH } from '../api/routes/experiences/experience-grids.js';
import { BULK_PATH } from '../api/routes/experiences/experiences.js';
import { listen } from '../api/listen.js';
import { addRoutes } from '../api/routes.js';
import { readMarkets } from '../activities/dependencies.js';
import { connectClient } from '../client/connect.js';
import { createFineTuningClient } from '../client/continuous-learning/fine-tuning-client.js';
import { createLearnerClient } from '../client/learner-client.js';
import { createSequenceClient } from '../client/sequence-client.js';
import { createValidationClient } from '../client/validations.js';
import { regimeOfBucket } from '../config/buckets/bucket-training.js';
import { bucketsNamed } from '../config/buckets/expand-regimes.js';
import { learnerSettings } from '../config/learner-settings.js';
import { scheduleTimes } from '../config/sections/learner.js';
import { productVersion } from '../config/product-version.js';
import { computeFeatures } from '../market/features/compute-features.js';
import { createKnownSchemas } from '../serving/known-schemas.js';
import { createPolicyServer } from '../serving/create-policy-server.js';
import { createMetrics } from '../telemetry/metrics.js';
import { keepExpiring } from './api/expire-old.js';
import { announceExperiences } from './api/announce-experiences.js';
import { keepPaperTraders } from './api/keep-paper-traders.js';
import { keepPolicies } from './api/keep-policies.js';
import { createScheduleKeeper } from './api/keep-schedules.js';
import { createReadMarket } from './api/read-market.js';
import { renewLearners } from './api/renew-learners.js';
import { createStoredMarket } from './api/stored-market.js';
import { servingLimits } from './api/serving-limits.js';
import { watchExports } from './api/watch-exports.js';
import { openStores } from './open-stores.js';
import { readResolvedConfig } from './resolved-config.js';
import { runService } from './service.js';
import { connectTemporal } from './temporal/temporal-connection.js';

/** Learners are told of new experiences this often. */
const ANNOUNCE_MS = 5_000;
/** Single experiences that may wait for a commit. */
const MOST_WAITING = 10_000;

/** Answers decisions and the API, and watches the folder of exports. Without Temporal it serves what is live, and says what it waits for. */
await runService('api', async (context) => {
  const { environment, logger, stopping, closeLater } = context;
  const startedAtMs = Date.now();
  const config = await readResolvedConfig(environment);
  const markets = await readMarkets(config.instruments);
  const { registry, artifacts } = await openStores(context);
  const clock = { now: () => Date.now() };

  const policies = createPolicyServer({
    artifacts,
    computeFeatures,
    readMarket: createReadMarket(markets),
    storedMarket: createStoredMarket({ markets, registry, barsFolder: join(environment.store, 'bars') }),
    production: () => registry.production.all(),
    standby: () => registry.production.standby(),
    bucketsNamed(name) {
      const named = bucketsNamed(config.buckets, name);
      return named.length === 0 ? [name] : named;
    },
    regimeOf: (bucket) => regimeOfBucket(config, bucket),
    ...servingLimits(config.serving),
    logger,
    clock,
  });
  closeLater(() => policies.close());
  const unfollow = await keepPolicies(policies, registry, logger);
  closeLater(() => {
    unfollow();
    return Promise.resolve();
  });

  const { expiresAfterMs } = servingLimits(config.serving);
  const stopExpiring = expiresAfterMs === undefined ? () => undefined : keepExpiring({ registry, expiresAfterMs, clock, logger });
  closeLater(() => {
    stopExpiring();
    return Promise.resolve();
  });

  const client = connectClient();
  closeLater(() => client.connection.close());
  const learners = createLearnerClient({ client, deadlineMs: 15_000, queryDeadlineMs: 3_000 });
  const sequences = createSequenceClient({ client, deadlineMs: 15_000 });
  const fineTuning = createFineTuningClient({ client, deadlineMs: 15_000 });
  const validations = createValidationClient({ client, deadlineMs: 15_000 });
  const keepSchedules = createScheduleKeeper(client, scheduleTimes(config.autoRetrain), logger);
  const settings = learnerSettings(config);
  const watcher = await watchExports({ config, settings, instruments: markets.ids, registry, client, keepSchedules, logger, stopping });
  closeLater(() => watcher.close());
  const annotates = config.experiences.annotator !== 'off';
  closeLater(announceExperiences({ registry, client, settings, logger, everyMs: ANNOUNCE_MS, annotates }));
  if (config.paper.enabled) closeLater(keepPaperTraders({ registry, client, logger }));
  const renewing = connectTemporal(logger, stopping)
    .then(({ connection }) => connection.close())
    .then(() => renewLearners({ registry, learners, settings, keepSchedules, logger }, stopping))
    .catch((error: unknown) => {
      if (!stopping.aborted) logger.error('the learners could not be renewed', { reason: String(error) });
    });
  closeLater(() => renewing);

  const { host, port } = config.serving;
  const tokens = parseTokens(environment.apiTokens ?? undefined);
  const version = await productVersion();
  const api = createApi({ host, tokens, logger, version, streamed: [BULK_PATH, GRID_PATH] });
  const { ids: instruments } = markets;
  const { instruments: watched } = config.watch;
  const watcherUp = (): boolean | null => {
    const { watching, readable } = watcher.state();
    return watching ? readable : null;
  };
  const metrics = createMetrics({ version, watcherUp, live: () => policies.serving(), clock });
  const { bufferSize, stateLength, schemas: foreign, schemaGraceHours } = config.experiences;
  const schemasOf = createKnownSchemas({
    artifacts,
    bundlesSince: registry.experiences.bundlesSince,
    foreign,
    graceMs: schemaGraceHours * 3_600_000,
    clock,
  });
  const contracts = new Map(markets.ids.map((id) => [id, markets.instrument(id)]));
  const experiences = { contracts, schemasOf, stateLength, bufferSize, mostWaiting: MOST_WAITING };
  const watch = watcher.state;
  addRoutes(
    api,
    {
      instruments,
      watched,
      registry,
      artifacts,
      learners,
      sequences,
      fineTuning,
      validations,
      progressive: config,
      experiences,
      watch,
      metrics,
      version,
      startedAtMs,
      clock,
    },
    policies,
  );
  const onPortTaken = (taken: number): void => logger.warn(`port ${taken} is in use; trying ${taken + 1}`);
  const listening = await listen({ api, host, port, guarded: tokens.length > 0, onPortTaken });
  logger.info(`the API answers at http://${host}:${listening.port}`);

  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  return { details: { port: listening.port }, finished: stopped.then(() => listening.close()), stop };
});
