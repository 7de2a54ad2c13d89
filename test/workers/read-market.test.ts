import assert from 'node:assert/strict';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import { sessionStarts, type BarSeries } from '../../src/domain/market/bars.js';
import { observationSize } from '../../src/domain/agent/observation.js';
import { createEnvironment } from '../../src/learning/environment/create-environment.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { readModelBundle } from '../../src/learning/export/model-bundle.js';
import { featureMatrix, writeObservation } from '../../src/learning/observation.js';
import { sessionRegimes } from '../../src/domain/market/market-regime.js';
import { aggregateBars } from '../../src/market/aggregate.js';
import { assignSessions } from '../../src/market/assign-sessions.js';
import { computeFeatures } from '../../src/market/features/compute-features.js';
import { historyNeeds } from '../../src/serving/history-needs.js';
import { stateOfBars } from '../../src/serving/state-vector.js';
import { createReadMarket } from '../../src/workers/api/read-market.js';
import { recentMarket, sliceBars } from '../../src/workers/api/recent-market.js';
import { shippedCalendar } from '../support/market/calendars.js';
import { testInstrument } from '../support/market/instruments.js';
import { rowsOf, usEquityBars } from '../support/market/market-rows.js';
import { costlyInstrument } from '../support/market/random-bars.js';
import { storeModel } from '../support/registry/served-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const features = ['return', 'rsi', 'atr', 'moneyFlow15', 'timeOfDay', 'vwapDistance', 'overnightGap'];

describe('createReadMarket', () => {
  const folder = temporaryFolder();
  const readMarket = async () => {
    const calendar = await shippedCalendar('us-equity');
    return createReadMarket({ ids: ['ES'], instrument: (id) => testInstrument({ id }), calendarOf: () => calendar });
  };

  /** Largest difference between what is served and what training sees, over a session of random actions on bars of `frequency`. */
  const largestDifference = async (frequency: string): Promise<{ difference: number; states: number }> => {
    const artifacts = await openFolderStore(folder());
    const {
      bundle: id,
      config,
      schema,
    } = await storeModel(artifacts, { environment: { frequency, features, lookback: 5, lossLimit: 1_000 } });
    const bundle = readModelBundle(await artifacts.get(id));
    const needs = historyNeeds(schema, computeFeatures);
    const minutes = usEquityBars(3);
    const calendar = await shippedCalendar('us-equity');
    const bars: BarSeries = aggregateBars(minutes, assignSessions(calendar, minutes).sessions, schema.frequencyMs);
    const matrix = featureMatrix(computeFeatures(bars, features), schema.normaliser);
    const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 0);
    const { cash, maxPosition } = config.environment;
    const environment = createEnvironment({
      bars,
      instrument: costlyInstrument,
      config: config.environment,
      sessions,
      lanes: 1,
      horizon: bundle.horizon,
    });
    const read = await readMarket();
    const rows = rowsOf(minutes);
    const trained = new Float32Array(observationSize(schema));
    let [difference, states] = [0, 0];
    environment.reset(0, 2);
    for (let step = 0; environment.now.active[0] === 1; step++) {
      const bar = environment.now.bar[0]!;
      writeObservation(matrix, schema.lookback, bar, environment.now.privateState, 0, trained, 0);
      const sent = rows.filter(({ closeTime }) => closeTime <= bars.closeTime[bar]!);
      const position = (environment.now.units[0]! * bars.close[bar]! * costlyInstrument.multiplier) / (maxPosition * cash);
      const sessionReturn = environment.now.equity[0]! / cash - 1;
      const served = stateOfBars({ bundle, needs }, read('ES', schema.frequencyMs, sent), { position, sessionReturn }, computeFeatures);
      served.forEach((value, i) => (difference = Math.max(difference, Math.abs(value - trained[i]!))));
      states++;
      environment.step(Int32Array.of(step % 5), Int32Array.of((step * 3) % 5));
    }
    return { difference, states };
  };

  it('gives a served observation the very numbers that training saw', async () => {
    assert.deepEqual(await largestDifference('1m'), { difference: 0, states: 389 });
  });

  it('gives them also where shorter bars are joined', async () => {
    assert.deepEqual(await largestDifference('5m'), { difference: 0, states: 77 });
  });

  it('leaves out what lies outside every session', async () => {
    const read = await readMarket();
    const rows = rowsOf(usEquityBars(2));
    const evening = { ...rows[0]!, closeTime: Date.UTC(2024, 0, 3, 3) };
    const { bars, sessionOpen, sessionClose } = read('ES', 60_000, rows.toSpliced(390, 0, evening));
    assert.equal(bars.length, 780);
    assert.deepEqual([...new Set(bars.session)], [0, 1]);
    assert.deepEqual([sessionOpen, sessionClose], [Date.UTC(2024, 0, 3, 14, 30), Date.UTC(2024, 0, 3, 21)]);
  });

  it('refuses bars that lie outside every session, and spans that no history has', async () => {
    const read = await readMarket();
    const [row] = rowsOf(usEquityBars(1));
    assert.throws(
      () => read('ES', 60_000, [{ ...row!, closeTime: Date.UTC(2024, 0, 6, 15) }]),
      /none of the 1 bars sent .* within a session of calendar us-equity/,
    );
    assert.throws(
      () => read('ES', 60_000, [{ ...row!, closeTime: 0 }, row!]),
      /reach from 1970-01-01T00:00:00.000Z to 2024-01-02T14:31:00.000Z: expected .* 20 years at most/,
    );
  });

  for (const frequencyMs of [60_000, 300_000])
    it(`tells the regime that training gives the session, on bars of ${frequencyMs / 1_000} s, and the same one all session long`, async () => {
      const read = await readMarket();
      const rows = rowsOf(usEquityBars(24, 1));
      const { bars } = read('ES', frequencyMs, rows);
      const regimes = sessionRegimes(bars);
      const starts = sessionStarts(bars);
      for (const [session, regime] of regimes.entries())
        for (const bar of [starts[session]!, starts[session]! + 40, starts[session + 1]! - 1])
          assert.equal(
            read(
              'ES',
              frequencyMs,
              rows.filter(({ closeTime }) => closeTime <= bars.closeTime[bar]!),
            ).regime,
            regime,
          );
      assert.ok(new Set(regimes.slice(13)).size > 1, 'sessions of one regime would prove nothing');
    });

  it('tells the regime from more bars than it hands on, where there are more', async () => {
    const calendar = await shippedCalendar('us-equity');
    const bars = usEquityBars(14);
    const { sessions } = assignSessions(calendar, usEquityBars(24));
    const newest = sliceBars(bars, bars.length - 50, bars.length);
    const regime = sessionRegimes(bars).at(-1);
    assert.notEqual(regime, null);
    assert.deepEqual([recentMarket(newest, sessions)?.regime, recentMarket(newest, sessions, bars)?.regime], [null, regime]);
  });
});
