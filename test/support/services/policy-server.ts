import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import type { ArtifactStore } from '../../../src/domain/ports.js';
import type { LiveModel } from '../../../src/domain/model/production.js';
import { computeFeatures } from '../../../src/market/features/compute-features.js';
import { createPolicyServer, type PolicyServer, type PolicyServerOptions } from '../../../src/serving/create-policy-server.js';
import { createReadMarket } from '../../../src/workers/api/read-market.js';
import { shippedCalendar } from '../market/calendars.js';
import { testInstrument } from '../market/instruments.js';
import { recordingLogger, type LogLine } from '../recording-logger.js';
import { storeModel, type ServedModelOptions } from '../registry/served-model.js';

export interface TestPolicies {
  readonly server: PolicyServer;
  readonly artifacts: ArtifactStore;
  readonly log: readonly LogLine[];
  /** Stores a model and makes it what is live; it is served after the next refresh. */
  readonly install: (version: string, options?: ServedModelOptions & Partial<LiveModel>) => Promise<LiveModel>;
  /** What is live from now on. */
  readonly setLive: (live: readonly LiveModel[]) => void;
}

/** Time of the policy servers of tests, at which models are registered. */
export const NOW = Date.UTC(2024, 0, 4, 20);

/** A policy server over real models in `folder`, for instruments that trade in the hours of US equities. */
export const testPolicies = async (folder: string, more: Partial<PolicyServerOptions> = {}): Promise<TestPolicies> => {
  const artifacts = await openFolderStore(folder);
  const calendar = await shippedCalendar('us-equity');
  const logger = recordingLogger();
  let live: readonly LiveModel[] = [];
  const server = createPolicyServer({
    artifacts,
    computeFeatures,
    readMarket: createReadMarket({ ids: ['ES'], instrument: (id) => testInstrument({ id }), calendarOf: () => calendar }),
    storedMarket: () => Promise.resolve(null),
    production: () => Promise.resolve(live),
    standby: () => Promise.resolve([]),
    bucketsNamed: (name) => [name],
    regimeOf: () => undefined,
    serveUnproven: false,
    logger,
    clock: { now: () => NOW },
    ...more,
  });
  return {
    server,
    artifacts,
    log: logger.lines,
    setLive: (models) => void (live = models),
    async install(version, options = {}) {
      const { instrument = 'ES', role = 'production' } = options;
      const { bundle } = await storeModel(artifacts, { ...options, instrument });
      const since = new Date(NOW).toISOString();
      const { registeredAt = since, expiredAt = null } = options;
      const model = { instrument, bucket: 'default', version, role, bundle, registeredAt, liveSince: since, expiredAt };
      live = [...live.filter((other) => other.instrument !== instrument), model];
      return model;
    },
  };
};
