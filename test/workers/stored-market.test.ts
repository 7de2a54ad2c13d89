import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ingestFile } from '../../src/market/ingest/ingest.js';
import type { IngestedFile } from '../../src/registry/files.js';
import { createReadMarket } from '../../src/workers/api/read-market.js';
import { createStoredMarket } from '../../src/workers/api/stored-market.js';
import { shippedCalendar } from '../support/market/calendars.js';
import { testInstrument } from '../support/market/instruments.js';
import { rowsOf, usEquityBars } from '../support/market/market-rows.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('createStoredMarket', () => {
  const folder = temporaryFolder();

  const nt8 = (sessions: number, from = 0): string =>
    rowsOf(usEquityBars(sessions))
      .slice(from * 390)
      .map(({ closeTime, open, high, low, close, volume }) => {
        const stamp = new Date(closeTime).toISOString().replace(/^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+).*/, '$1$2$3 $4$5$6');
        return `${stamp};${open};${high};${low};${close};${volume}\n`;
      })
      .join('');

  const stored = async () => {
    const calendar = await shippedCalendar('us-equity');
    const instrument = testInstrument({ id: 'ES' });
    const markets = { ids: ['ES'], instrument: () => instrument, calendarOf: () => calendar };
    const files: IngestedFile[] = [];
    const registry = { files: { ofInstrument: () => Promise.resolve(files) } };
    return {
      read: createStoredMarket({ markets, registry, barsFolder: join(folder(), 'bars') }),
      posted: createReadMarket(markets),
      ingest: async (sessions: number, from = 0): Promise<string> => {
        const path = join(folder(), `ES ${sessions}.Last.txt`);
        await writeFile(path, nt8(sessions, from));
        const report = await ingestFile(path, { instrument, barsFolder: join(folder(), 'bars') });
        files.push({ pathId: path, report, ingestedAt: '2024-01-08T00:00:00.000Z' });
        return join(folder(), 'bars', report.barsArtifact);
      },
    };
  };

  it('gives the bars that an executor would post, up to the last that an order can follow', async () => {
    const { read, posted, ingest } = await stored();
    await ingest(3);
    const market = await read('ES', 300_000);
    const sent = posted('ES', 300_000, rowsOf(usEquityBars(3)).slice(0, -5));
    assert.deepEqual(market, sent);
    assert.equal(market.bars.length, 3 * 78 - 1);
  });

  it('reads anew when a file was taken in, and not before', async () => {
    const { read, ingest } = await stored();
    assert.equal(await read('ES', 60_000), null);
    await ingest(2);
    const before = await read('ES', 60_000);
    assert.equal(await read('ES', 60_000), before);
    await ingest(3);
    assert.equal((await read('ES', 60_000))?.bars.length, 3 * 390 - 1);
  });

  it('reads the old files only where the new ones hold too little', async () => {
    const { read, posted, ingest } = await stored();
    const old = await ingest(4);
    await ingest(60, 2);
    const rows = rowsOf(usEquityBars(60));
    assert.equal((await read('ES', 300_000))?.bars.length, posted('ES', 300_000, rows.slice(0, -5)).bars.length);
    await rm(old);
    const market = await read('ES', 60_000);
    const { closeTime, close } = posted('ES', 60_000, rows.slice(0, -1)).bars;
    assert.deepEqual(market?.bars.closeTime, closeTime.slice(-8_191));
    assert.deepEqual(market.bars.close, close.slice(-8_191));
  });

  it('has nothing for a model whose bars cannot be made of the stored ones', async () => {
    const { read, ingest } = await stored();
    await ingest(2);
    assert.equal(await read('ES', 90_000), null);
  });
});
