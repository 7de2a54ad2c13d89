import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readMarkets, type ActivityDependencies } from '../../../src/activities/dependencies.js';
import { ingestReported } from '../../../src/activities/market/ingest-reported.js';
import { readStoredBars } from '../../../src/activities/paper/stored-bars.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import { ratchetConfig } from '../../../src/config/ratchet.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { writeExports } from '../../../src/market/simulation/write-exports.js';
import { recordingLogger } from '../recording-logger.js';
import { dataset, freshRegistry, newVersion, trainedTo } from '../registry/registry.js';
import { storeModel } from '../registry/served-model.js';

/** The one bucket of the one instrument. */
export const place = { instrument: 'SIM', bucket: 'default' };

const environment = { frequency: '15m', lookback: 3, features: ['return', 'range', 'rsi', 'timeOfDay'], priceBins: 5, quantityBins: 5 };

/** Simulated minutes that are stored as those of an instrument, and a model for it that was never trained. */
export interface LiveMarket {
  readonly dependencies: ActivityDependencies;
  /** As they are decided on. */
  readonly bars: BarSeries;
  readonly bundle: string;
  /** Makes the model live, having learned up to the end of all sessions but the newest `back`. Returns its version. */
  readonly produce: (back: number) => Promise<string>;
}

/** Stores the bars under a folder of the test, with a registry of its own; `settings` are of the configuration, and `more` of the model's environment. */
export const openLiveMarket = async (folder: string, minutes: BarSeries, settings: object = {}, more: object = {}): Promise<LiveMarket> => {
  const at = (name: string): string => join(folder, name);
  await mkdir(at('bars'));
  const dependencies: ActivityDependencies = {
    registry: await freshRegistry(),
    artifacts: await openFolderStore(at('artifacts')),
    config: ratchetConfig.parse({ ...settings, training: { environment } }),
    markets: await readMarkets([]),
    folders: {
      watched: at('exports'),
      bars: at('bars'),
      checkpoints: at('checkpoints'),
      artifacts: at('artifacts'),
      temporary: at('cache'),
    },
    logger: recordingLogger(),
  };
  for (const path of await writeExports(minutes, at('exports'))) {
    const content = await readFile(path);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const file = { id: sha256, pathId: basename(path), bytes: content.length, sha256 };
    assert.equal(await ingestReported(dependencies, dependencies.markets.instrument(place.instrument), file), null);
  }
  const stored = await readStoredBars(dependencies, place.instrument, 900_000);
  assert.ok(stored !== null);
  const { bars } = stored;
  const { bundle } = await storeModel(dependencies.artifacts, {
    instrument: place.instrument,
    environment: { ...environment, ...more },
    simulated: true,
  });
  return {
    dependencies,
    bars,
    bundle,
    async produce(back) {
      const { datasets, versions, production } = dependencies.registry;
      const session = bars.session.at(-1)! - back;
      const horizon = new Date(bars.closeTime[bars.session.lastIndexOf(session)]!).toISOString();
      await datasets.save(dataset());
      const { name } = await versions.register(newVersion(`up to ${back}`, { ...place, bundle, sources: [trainedTo(horizon)] }));
      const order = { ...place, actor: 'ratchet', reason: 'test', decision: null, expectedPrevious: null };
      await production.promote({ ...order, operationKey: 'live', version: name });
      return name;
    },
  };
};
