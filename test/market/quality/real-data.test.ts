import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readInstruments } from '../../../src/config/read-files.js';
import type { QualityReport } from '../../../src/domain/market/quality.js';
import { aggregateBars } from '../../../src/market/aggregate.js';
import { ingestFile } from '../../../src/market/ingest/ingest.js';
import { mergeBars } from '../../../src/market/ingest/merge-bars.js';
import type { MergedBars } from '../../../src/market/ingest/merge-bars.js';
import { assessQuality } from '../../../src/market/quality/assess-quality.js';
import { shippedCalendar } from '../../support/market/calendars.js';
import { sharedFolder } from '../../support/shared.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const bar = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number(), z.number()]);
const oracleSchema = z.object({
  'MNQ 03-22.Last.txt': z.object({
    rows: z.number(),
    first: z.string(),
    last: z.string(),
    sum_volume: z.number(),
    sum_close: z.number(),
    closed_session_rows: z.array(z.object({ line: z.number(), row: z.string() })),
    bad_print_lines: z.array(z.unknown()),
    intra_session_missing_minutes: z.number(),
    rows_per_session: z.record(z.string(), z.number()),
    resample_5m_close_stamped: z.object({ rows: z.number(), sum_volume: z.number(), first: z.array(bar), last: z.array(bar) }),
  }),
});

const stamp = (time: number): string => new Date(time).toISOString().slice(0, 19).replaceAll('-', '').replace('T', ' ').replaceAll(':', '');
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('the quality of real bars', () => {
  const folder = temporaryFolder();
  const shared = sharedFolder();

  const assess = async (file: string, id: string): Promise<{ merged: MergedBars; report: QualityReport }> => {
    const instrument = (await readInstruments()).get(id);
    assert.ok(instrument && shared !== null);
    const calendar = await shippedCalendar(instrument.calendar);
    const ingested = await ingestFile(join(shared, 'data', file), { instrument, barsFolder: folder() });
    const merged = await mergeBars({ instrument: id, calendar, barsFolder: folder(), files: [ingested] });
    return { merged, report: assessQuality({ ...merged, calendar, tickSize: instrument.tickSize, ingested }) };
  };

  for (const [file, id, score] of [
    ['nt8/MNQ 03-22.Last.txt', 'MNQ', 0.9998],
    ['nt8/ES 03-20.Last.txt', 'ES', 1],
    ['crypto/BTC_USDT-5m.csv', 'BTC-USDT', 1],
    ['crypto/BTC_USDT-1m.csv', 'BTC-USDT', 1],
    ['crypto/BTC_USDT-1h.csv', 'BTC-USDT', 0.997],
  ] as const) {
    it(`of ${file} is at least ${score}`, async function () {
      if (shared === null) return this.skip();
      const { report } = await assess(file, id);
      assert.ok(report.score >= score, JSON.stringify(report));
    });
  }

  it('tells 128 lost hours in seven years of hourly bitcoin bars', async function () {
    if (shared === null) return this.skip();
    const { report } = await assess('crypto/BTC_USDT-1h.csv', 'BTC-USDT');
    assert.deepEqual(
      report.findings.filter(({ affected }) => affected > 0).map(({ check, affected, of }) => [check, affected, of]),
      [['completeness', 128, 58_547]],
    );
  });

  it('tells that weeks are missing between the days of ES 12-13, and holds it back', async function () {
    if (shared === null) return this.skip();
    const { report } = await assess('nt8/ES 12-13.Last.txt', 'ES');
    assert.ok(report.score < 0.3);
    assert.match(report.findings[0]?.message ?? '', /expected bars are missing/);
  });

  it('of MNQ is what the oracle found', async function () {
    if (shared === null) return this.skip();
    const oracle = oracleSchema.parse(JSON.parse(await readFile(join(shared, 'oracle/nt8_quality.json'), 'utf8')))['MNQ 03-22.Last.txt'];
    const { merged, report } = await assess('nt8/MNQ 03-22.Last.txt', 'MNQ');
    const { bars, sessions, closedSession } = merged;
    const closed = oracle.closed_session_rows.map(({ row }) => row.split(';'));
    assert.deepEqual(
      closedSession.closeTimes.map(stamp),
      closed.map(([time]) => time),
    );
    assert.equal(bars.length, oracle.rows - closed.length);
    assert.deepEqual([stamp(bars.closeTime[0]!), stamp(bars.closeTime.at(-1)!)], [oracle.first, oracle.last]);
    assert.equal(sum(bars.volume), oracle.sum_volume - Number(closed[0]?.[5]));
    assert.equal(sum(bars.close), oracle.sum_close - Number(closed[0]?.[4]));
    const rows = sessions.map(({ date }, ordinal) => [date, bars.session.filter((session) => session === ordinal).length]);
    assert.deepEqual(Object.fromEntries(rows), oracle.rows_per_session);
    const found = (check: string): number | undefined => report.findings.find((finding) => finding.check === check)?.affected;
    assert.deepEqual([found('completeness'), found('spikes')], [oracle.intra_session_missing_minutes, oracle.bad_print_lines.length]);
  });

  it('of MNQ survives joining minutes into 5 minutes as the oracle joined them', async function () {
    if (shared === null) return this.skip();
    const oracle = oracleSchema.parse(JSON.parse(await readFile(join(shared, 'oracle/nt8_quality.json'), 'utf8')))['MNQ 03-22.Last.txt'];
    const { merged } = await assess('nt8/MNQ 03-22.Last.txt', 'MNQ');
    const joined = aggregateBars(merged.bars, merged.sessions, 300_000);
    const { rows, sum_volume: volume, first, last } = oracle.resample_5m_close_stamped;
    const row = (i: number) => [
      stamp(joined.closeTime[i]!),
      joined.open[i]!,
      joined.high[i]!,
      joined.low[i]!,
      joined.close[i]!,
      joined.volume[i]!,
    ];
    // The oracle joined the closed-session print, one row of volume 1, into a bar of its own.
    assert.deepEqual([joined.length, sum(joined.volume)], [rows - 1, volume - 1]);
    assert.deepEqual(
      first.map((_, i) => row(i)),
      first,
    );
    assert.deepEqual(
      last.map((_, i) => row(joined.length - last.length + i)),
      last,
    );
  });
});
