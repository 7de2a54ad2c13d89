import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openContender } from '../../src/activities/evaluation/contender.js';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import { readInstruments } from '../../src/config/read-files.js';
import type { EnvironmentConfig } from '../../src/config/sections/training.js';
import { frequencyText, type BarRange, type BarSeries } from '../../src/domain/market/bars.js';
import type { Instrument } from '../../src/domain/market/instrument.js';
import { observationSize } from '../../src/domain/agent/observation.js';
import type { ArtifactStore } from '../../src/domain/ports.js';
import { backtest } from '../../src/evaluation/backtest/backtest.js';
import { valuePolicy } from '../../src/evaluation/policies/value-policy.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { createEnvironment } from '../../src/learning/environment/create-environment.js';
import { openOnnxNetwork } from '../../src/learning/inference/onnx-network.js';
import { fitNormaliser } from '../../src/learning/observation.js';
import { aggregateBars } from '../../src/market/aggregate.js';
import { computeFeatures } from '../../src/market/features/compute-features.js';
import { ingestFile } from '../../src/market/ingest/ingest.js';
import { joinClosingPrints } from '../../src/market/ingest/join-closing-prints.js';
import { mergeBars } from '../../src/market/ingest/merge-bars.js';
import { loadModel } from '../../src/serving/loaded-model.js';
import { stateOfBars } from '../../src/serving/state-vector.js';
import { createReadMarket } from '../../src/workers/api/read-market.js';
import { shippedCalendar } from '../support/market/calendars.js';
import { rowsOf, usEquityBars } from '../support/market/market-rows.js';
import { testPolicies } from '../support/services/policy-server.js';
import { costlyInstrument } from '../support/market/random-bars.js';
import { storeModel } from '../support/registry/served-model.js';
import { sharedFolder } from '../support/shared.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Features with every kind of memory: none, a window, an endless average, the session. */
const environment = {
  features: ['return', 'rsi', 'atr', 'macd', 'momentum15', 'moneyFlow15', 'timeOfDay', 'vwapDistance', 'overnightGap'],
  lookback: 14,
  priceBins: 21,
  quantityBins: 11,
  lossLimit: 1_000,
};

/** As wide as the nets that are trained, so that batches take the paths of large matrix products. */
const agent = { trunk: [256, 128], head: 0 };

/** What was seen and decided at the close of one bar. */
interface Recorded {
  readonly state: readonly number[];
  readonly price: readonly number[];
  readonly quantity: readonly number[];
  readonly bins: readonly [number, number];
}

interface Day {
  readonly artifacts: ArtifactStore;
  readonly bundle: string;
  readonly config: EnvironmentConfig;
  readonly bars: BarSeries;
  readonly instrument: Instrument;
  /** Sessions that are played side by side. */
  readonly sessions: readonly BarRange[];
  /** The bars that an executor has: those of `bars`, or shorter ones that join to them. */
  readonly minutes: BarSeries;
}

/** Plays sessions as an evaluation does, in one batch, and keeps what the policy saw and decided at each bar. */
const played = async ({ artifacts, bundle: id, config, bars, instrument, sessions }: Day) => {
  const { bundle, matrix, model, release } = await openContender(artifacts, id, bars, config);
  await release();
  const { observation, bins, horizon } = bundle;
  const size = observationSize(observation);
  const network = await openOnnxNetwork({ onnx: await artifacts.get(bundle.onnx), observationSize: size, bins });
  const seen = new Map<number, Recorded>();
  let batch: Pick<Recorded, 'state' | 'price' | 'quantity'>[] = [];
  const policy = valuePolicy({
    matrix,
    lookback: observation.lookback,
    bins,
    async values(observations, count) {
      const answer = await network.answer(observations, count);
      batch = Array.from({ length: count }, (_, row) => ({
        state: [...observations.subarray(row * size, (row + 1) * size)],
        price: [...answer.price.subarray(row * bins.price, (row + 1) * bins.price)],
        quantity: [...answer.quantity.subarray(row * bins.quantity, (row + 1) * bins.quantity)],
      }));
      return answer;
    },
  });
  const result = await backtest({
    bars,
    instrument,
    config: model.config,
    sessions,
    horizon,
    async policy(now, price, quantity) {
      await policy(now, price, quantity);
      let row = 0;
      for (let lane = 0; lane < now.active.length; lane++)
        if (now.active[lane] === 1) seen.set(now.bar[lane]!, { ...batch[row++]!, bins: [price[lane]!, quantity[lane]!] });
    },
  });
  await network.release();
  return { seen, result, config: model.config, horizon };
};

/** Lives through the newest session as an executor does: at each close it sends the bars so far and its account, and trades what is answered. */
const lived = async (day: Day, folder: string, calendarId: string): Promise<Map<number, Recorded>> => {
  const { artifacts, bundle, bars, instrument, sessions, minutes } = day;
  const calendar = await shippedCalendar(calendarId);
  const readMarket = createReadMarket({ ids: ['ES'], instrument: () => instrument, calendarOf: () => calendar });
  const { server, setLive } = await testPolicies(folder, { readMarket, artifacts });
  const since = new Date(0).toISOString();
  const live = { instrument: 'ES', bucket: 'default', version: 'v1', role: 'production', bundle, registeredAt: since, liveSince: since, expiredAt: null } as const; // prettier-ignore
  setLive([live]);
  await server.refresh();
  const served = await loadModel(bundle, { artifacts, computeFeatures });
  const { config, horizon } = await played({ ...day, sessions: sessions.slice(-1) });
  const account = createEnvironment({ bars, instrument, config, sessions: sessions.slice(-1), lanes: 1, horizon });
  const rows = rowsOf(minutes);
  const decided = new Map<number, Recorded>();
  account.reset(0, 0);
  while (account.now.active[0] === 1) {
    const bar = account.now.bar[0]!;
    const sent = rows.filter(({ closeTime }) => closeTime <= bars.closeTime[bar]!);
    const request = {
      bars: sent,
      position: (account.now.units[0]! * bars.close[bar]! * instrument.multiplier) / (config.maxPosition * config.cash),
      sessionReturn: account.now.equity[0]! / config.cash - 1,
    };
    const state = stateOfBars(served, readMarket('ES', bars.frequencyMs, sent), request, computeFeatures);
    const { price, quantity } = await served.answer(state);
    const { branches, flatBecause } = await server.decide('ES', 'default', request);
    assert.equal(flatBecause, null);
    decided.set(bar, { state: [...state], price: [...price], quantity: [...quantity], bins: [branches.price.bin, branches.quantity.bin] });
    account.step(Int32Array.of(branches.price.bin), Int32Array.of(branches.quantity.bin));
  }
  await served.retire();
  await server.close();
  return decided;
};

describe('a recorded day, lived through again by the policy server', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();

  const assertNoDifference = async (day: Omit<Day, 'artifacts' | 'bundle' | 'config'>, calendarId: string): Promise<void> => {
    const artifacts = await openFolderStore(join(folder(), 'artifacts'));
    const normaliser = fitNormaliser(computeFeatures(day.bars, environment.features), { from: 60, to: day.bars.length }, 5);
    const options = { environment: { ...environment, frequency: frequencyText(day.bars.frequencyMs) }, agent, normaliser };
    const { bundle, config } = await storeModel(artifacts, { ...options, simulated: true });
    const whole = { ...day, artifacts, bundle, config: config.environment };
    const { seen, result } = await played(whole);
    const decided = await lived(whole, folder(), calendarId);
    const last = day.sessions.at(-1)!;
    assert.equal(decided.size, last.to - last.from - 1);
    for (const [bar, live] of decided) assert.deepEqual(live, seen.get(bar), `bar ${bar}`);
    assert.ok(result.actions.filter((count) => count > 0).length >= 5, 'a policy of a few actions would prove little');
  };

  it('shows the same state vectors, Q-values and actions, bit for bit, as the backtest of several days at once', async () => {
    const bars = usEquityBars(3);
    await assertNoDifference(
      { bars, minutes: bars, instrument: costlyInstrument, sessions: tradableSessions(bars, { from: 0, to: bars.length }, 60) },
      'us-equity',
    );
  });

  it('shows them on real bars of a future', async function () {
    const shared = sharedFolder();
    const instrument = (await readInstruments()).get('MNQ');
    if (shared === null) return this.skip(); // the folder of real data is not beside this clone
    assert.ok(instrument);
    const ingested = await ingestFile(join(shared, 'data', 'nt8/MNQ 03-22.Last.txt'), { instrument, barsFolder: folder() });
    const calendar = await shippedCalendar(instrument.calendar);
    const merged = await mergeBars({ instrument: 'MNQ', calendar, barsFolder: folder(), files: [ingested] });
    const bars = aggregateBars(joinClosingPrints(merged.bars, merged.sessions), merged.sessions, 300_000);
    const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 60).slice(0, 3);
    await assertNoDifference({ bars, minutes: merged.bars, instrument, sessions }, instrument.calendar);
  });
});
