import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { instrumentOfFile } from '../../../src/market/formats/instrument-of-file.js';
import { ingestFile } from '../../../src/market/ingest/ingest.js';
import { mergeBars } from '../../../src/market/ingest/merge-bars.js';
import { writeExports } from '../../../src/market/simulation/write-exports.js';
import { simulatedCalendar, simulatedInstrument, testSimulation } from '../../support/market/simulation.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('writeExports', () => {
  const folder = temporaryFolder();

  it('writes a file for each quarter, named as NinjaTrader names contracts, and leaves nothing half written', async () => {
    const { bars } = await testSimulation({ edge: 10, sessions: 130 });
    const paths = await writeExports(bars, folder());
    assert.deepEqual(
      paths.map((path) => basename(path)),
      ['SIM 03-22.Last.txt', 'SIM 06-22.Last.txt', 'SIM 09-22.Last.txt'],
    );
    assert.deepEqual((await readdir(folder())).sort(), paths.map((path) => basename(path)).sort());
    for (const path of paths) assert.deepEqual(instrumentOfFile(basename(path)), { instrument: 'SIM' });
  });

  it('writes the close of each minute in UTC, through the change of clocks in March', async () => {
    const { bars } = await testSimulation({ edge: 0, sessions: 60 });
    const [path = ''] = await writeExports(bars, folder());
    const rows = (await readFile(path, 'utf8')).split('\r\n');
    assert.match(rows[0] ?? '', /^20220103 143100;\d+(\.\d+)?;\d+(\.\d+)?;\d+(\.\d+)?;\d+(\.\d+)?;\d+$/);
    assert.ok(rows.some((row) => row.startsWith('20220311 210000;')));
    assert.ok(rows.some((row) => row.startsWith('20220314 133100;')));
  });

  it('is read back by ingest, every row, as the bars that were simulated', async () => {
    const { bars } = await testSimulation({ edge: 10, sessions: 70 });
    const paths = await writeExports(bars, join(folder(), 'exports'));
    const options = { instrument: await simulatedInstrument(), barsFolder: join(folder(), 'bars') };
    const files = [];
    for (const path of paths) files.push(await ingestFile(path, options));
    for (const { rows, accepted, repaired, quarantined } of files) assert.deepEqual([accepted, repaired, quarantined], [rows, 0, 0]);
    const merged = await mergeBars({ instrument: 'SIM', calendar: await simulatedCalendar(), barsFolder: options.barsFolder, files });
    assert.equal(merged.closedSession.count, 0);
    assert.deepEqual(merged.bars, bars);
  });
});
