import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCalendars } from '../../../src/config/read-files.js';
import type { IngestReport } from '../../../src/domain/market/ingest.js';
import { createCalendar } from '../../../src/market/calendar.js';
import type { Calendar } from '../../../src/market/calendar.js';
import { ingestFile } from '../../../src/market/ingest/ingest.js';
import { mergeBars, NoBars } from '../../../src/market/ingest/merge-bars.js';
import { testInstrument } from '../../support/market/instruments.js';
import { sharedFolder } from '../../support/shared.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('mergeBars', () => {
  const folder = temporaryFolder();
  let calendars: Record<'always' | 'cme-equity', Calendar>;
  before(async () => {
    const shipped = await readCalendars();
    const [always, cme] = [shipped.get('always'), shipped.get('cme-equity')];
    assert.ok(always && cme);
    calendars = { always: createCalendar(always), 'cme-equity': createCalendar(cme) };
  });

  const ingest = async (name: string, lines: readonly string[]): Promise<IngestReport> => {
    const path = join(folder(), name);
    await writeFile(path, lines.map((line) => `${line}\n`).join(''));
    return ingestFile(path, { instrument: testInstrument(), barsFolder: folder() });
  };
  const merge = (files: readonly IngestReport[], calendar: keyof typeof calendars = 'always') =>
    mergeBars({ instrument: 'TEST', calendar: calendars[calendar], barsFolder: folder(), files });
  const minute = (time: string, close: number): string => `20240102 ${time}00;10;20;5;${close};1`;

  it('keeps the later ingested of two bars with the same close time, and counts it', async () => {
    const first = await ingest('a.txt', [minute('0001', 11), minute('0002', 12), minute('0003', 13)]);
    const second = await ingest('b.txt', [minute('0003', 14), minute('0004', 15)]);
    const forwards = await merge([first, second]);
    assert.deepEqual([...forwards.bars.close], [11, 12, 14, 15]);
    assert.equal(forwards.overlaps, 1);
    assert.deepEqual([...(await merge([second, first])).bars.close], [11, 12, 13, 15]);
  });

  it('counts a file that was ingested twice once', async () => {
    const first = await ingest('a.txt', [minute('0001', 11), minute('0002', 12)]);
    const { bars, overlaps } = await merge([first, first]);
    assert.deepEqual([bars.length, overlaps], [2, 0]);
  });

  it('keeps the length of bar that most bars have, and names the files that it left out', async () => {
    const minutes = await ingest('a.txt', [minute('0001', 11), minute('0002', 12), minute('0003', 13)]);
    const hours = await ingest('b.txt', [minute('0100', 14), minute('0200', 15)]);
    const { bars, otherFrequencies } = await merge([minutes, hours]);
    assert.deepEqual([bars.frequencyMs, bars.length], [60_000, 3]);
    assert.deepEqual(otherFrequencies, [{ sha256: hours.sha256, frequencyMs: 3_600_000 }]);
  });

  it('refuses to make a series of nothing', async () => assert.rejects(merge([]), NoBars));

  it('finds the sessions of a real export, and leaves out the print on a Sunday morning', async function () {
    const shared = sharedFolder();
    if (shared === null) return this.skip();
    const instrument = testInstrument();
    const report = await ingestFile(join(shared, 'data/nt8/MNQ 03-22.Last.txt'), { instrument, barsFolder: folder() });
    const { bars, sessions, closedSession } = await merge([report], 'cme-equity');
    const rows = sessions.map(({ date }, ordinal) => [date, bars.session.filter((session) => session === ordinal).length]);
    assert.deepEqual(rows, [
      ['2022-02-17', 1_320],
      ['2022-02-18', 1_380],
      ['2022-02-21', 1_141],
      ['2022-02-22', 1_380],
      ['2022-02-23', 1_380],
      ['2022-02-24', 1_335],
    ]);
    assert.deepEqual(closedSession, { count: 1, closeTimes: [Date.parse('2022-02-20T15:03Z')] });
  });
});
