import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readInstruments } from '../../../src/config/read-files.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import type { ComputeFeatures } from '../../../src/domain/market/features.js';
import { assertCausal } from '../../../src/evaluation/leakage/assert-causal.js';
import { assertNoLead } from '../../../src/evaluation/leakage/assert-no-lead.js';
import { assertNormaliser } from '../../../src/evaluation/leakage/assert-normaliser.js';
import { assertStamps, type StampedBars } from '../../../src/evaluation/leakage/assert-stamps.js';
import { LookAhead } from '../../../src/evaluation/leakage/look-ahead.js';
import { telltaleCuts } from '../../../src/evaluation/leakage/telltale-cuts.js';
import { fitNormaliser } from '../../../src/learning/observation.js';
import { assignSessions } from '../../../src/market/assign-sessions.js';
import { computeFeatures } from '../../../src/market/features/compute-features.js';
import { FEATURES } from '../../../src/market/features/table.js';
import { ingestFile } from '../../../src/market/ingest/ingest.js';
import { mergeBars } from '../../../src/market/ingest/merge-bars.js';
import { randomBars } from '../../support/market/bars.js';
import { shippedCalendar } from '../../support/market/calendars.js';
import { backFilledGap, nextClose, scaledByAll, startOfBarStamp } from '../../support/evaluation/canaries.js';
import { usEquityBars } from '../../support/market/market-rows.js';
import { sharedFolder } from '../../support/shared.js';
import { testSimulation } from '../../support/market/simulation.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const all = FEATURES.map(({ name }) => name);
const causal = (bars: BarSeries, compute: ComputeFeatures, names: readonly string[]): void =>
  assertCausal(compute(bars, names), bars, compute);
const lead = (bars: BarSeries, compute: ComputeFeatures, names: readonly string[]): void => assertNoLead(compute(bars, names), bars);

describe('a feature that knows the future', () => {
  const bars = randomBars(4_000, 3, 390);

  for (const [name, compute] of Object.entries({ nextClose, backFilledGap, scaledByAll, startOfBarStamp }))
    it(`is named when its rows are computed without the bars after them: ${name}`, () => {
      assert.throws(
        () => causal(bars, compute, ['return', name, 'rsi']),
        (error) => error instanceof LookAhead && error.message.startsWith(`feature ${name} looks ahead: for the bar that closes at 19`),
      );
    });

  it('is found also where it peeks in a single bar of thousands, at a gap', () => {
    const quiet = { ...bars, volume: bars.volume.map((traded, bar) => (bar === 2_345 ? 0 : traded + 1)) };
    assert.throws(() => causal(quiet, backFilledGap, ['backFilledGap']), LookAhead);
    assert.ok(telltaleCuts(quiet).includes(2_346));
  });

  it('is named when it goes with the return of the next bar, as a return or as a price', () => {
    assert.throws(
      () => lead(bars, nextClose, ['range', 'nextClose']),
      /feature nextClose knows the next bar: nextClose correlates by 1\.000 with the return of the bar after it/,
    );
    const price: ComputeFeatures = (series, names) => ({
      names,
      rows: series.length,
      values: Float32Array.from(series.close, (value, bar) => series.close[bar + 1] ?? value),
      warmUp: 0,
    });
    assert.throws(() => lead(bars, price, ['price']), /the change of price correlates by 0\.99\d with the return of the bar after it/);
  });
});

describe('an honest feature', () => {
  it('passes both checks on random bars, each of the table', () => {
    const bars = randomBars(4_000, 3, 390);
    causal(bars, computeFeatures, all);
    lead(bars, computeFeatures, all);
  });

  it('passes on the simulated market, whose edge it may see', async () => {
    const { bars } = await testSimulation({ edge: 8, sessions: 10 });
    causal(bars, computeFeatures, all);
    lead(bars, computeFeatures, all);
  });
});

describe('real bars', () => {
  const folder = temporaryFolder();
  const shared = sharedFolder();

  const merged = async (file: string, id: string, stamp?: 'open') => {
    const instrument = (await readInstruments()).get(id);
    assert.ok(instrument && shared !== null);
    const calendar = await shippedCalendar(instrument.calendar);
    const options = { instrument: { ...instrument, ...(stamp && { stamp }) }, barsFolder: folder() };
    const ingested = await ingestFile(join(shared, 'data', file), options);
    return mergeBars({ instrument: id, calendar, barsFolder: folder(), files: [ingested] });
  };

  for (const [file, id] of [
    ['nt8/MNQ 03-22.Last.txt', 'MNQ'],
    ['nt8/ES 12-13.Last.txt', 'ES'],
    ['crypto/BTC_USDT-1h.csv', 'BTC-USDT'],
  ] as const)
    it(`pass every check with every feature and their true stamps: ${file}`, async function () {
      if (shared === null) return this.skip(); // the folder of real data is not beside this clone
      const { bars, sessions, closedSession } = await merged(file, id);
      assertStamps({ bars, sessions, outside: closedSession.closeTimes });
      causal(bars, computeFeatures, all);
      lead(bars, computeFeatures, all);
    });
});

describe('a scaler', () => {
  const bars = randomBars(2_000, 5, 100);
  const raw = computeFeatures(bars, ['return', 'range', 'atr']);
  const training = { from: 0, to: 1_500 };
  const fittedOn = (from: number, to: number) => fitNormaliser(raw, { from: Math.max(from, raw.warmUp), to }, 5);

  it('passes when it was fitted on the training bars', () => assertNormaliser(fittedOn(0, 1_500), raw, training));

  it('is named when it was fitted on all bars, or on one more than it may know', () => {
    assert.throws(
      () => assertNormaliser(fittedOn(0, 2_000), raw, training),
      /^LookAhead: feature return is scaled by .*, as if fitted on all bars, those that judge included: the bars that were trained on, \[14, 1500\), give /,
    );
    assert.throws(() => assertNormaliser(fittedOn(0, 1_501), raw, training), /feature return is scaled by mean [^,]*: the bars/);
  });

  it('leaves out what is held out within the training bars', () => {
    const heldOut = [{ from: 400, to: 700 }, { from: 1_300, to: 1_600 }]; // prettier-ignore
    const parts = fitNormaliser(raw, { from: raw.warmUp, to: 1_500 }, 5, heldOut);
    assertNormaliser(parts, raw, training, heldOut);
    assert.throws(() => assertNormaliser(parts, raw, training), LookAhead);
    assert.throws(() => assertNormaliser(fittedOn(0, 1_500), raw, training, heldOut), LookAhead);
  });
});

describe('stamps', () => {
  /** Minutes of US equities in which `shift` is added to every stamp, with the calendar's sessions. */
  const stamped = async (shift: number): Promise<StampedBars> => {
    const bars = usEquityBars(8);
    const moved = { ...bars, openTime: bars.openTime.map((time) => time + shift), closeTime: bars.closeTime.map((time) => time + shift) };
    const { session, sessions } = assignSessions(await shippedCalendar('us-equity'), moved);
    const inside = <T extends Float64Array | Int32Array>(column: T): T => column.filter((_, bar) => session[bar] !== -1) as T;
    return {
      bars: {
        ...moved,
        openTime: inside(moved.openTime),
        closeTime: inside(moved.closeTime),
        session: inside(session),
        length: inside(session).length,
      },
      sessions,
      outside: [...moved.closeTime.filter((_, bar) => session[bar] === -1)],
    };
  };

  it('of the bars’ closes pass', async () => assertStamps(await stamped(0)));

  it('of the bars’ opens, read as closes, are named with what to set', async () => {
    await assert.rejects(
      async () => assertStamps(await stamped(-60_000)),
      /^LookAhead: the stamps of TEST look like those of the bars' opens, but are read as closes: in \d+ of \d+ sessions a bar closes at the very open and none at the close; set `stamp: open`/,
    );
  });

  it('of both kinds in one series are named by the first bars that overlap', async () => {
    const { bars, ...rest } = await stamped(0);
    const mixed = { ...bars, openTime: bars.openTime.with(700, bars.openTime[700]! - 30_000) };
    assert.throws(() => assertStamps({ bars: mixed, ...rest }), /bars of TEST overlap: .* stamps of the open and of the close are mixed/);
  });
});
