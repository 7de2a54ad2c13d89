import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ingestFile } from '../../../src/market/ingest/ingest.js';
import { testInstrument } from '../../support/market/instruments.js';
import { sharedFolder } from '../../support/shared.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('ingestFile on real exports', () => {
  const folder = temporaryFolder();
  const shared = sharedFolder();

  for (const [file, rows, frequencyMs] of [
    ['nt8/MNQ 03-22.Last.txt', 7_937, 60_000],
    ['nt8/ES 12-13.Last.txt', 16_673, 60_000],
    ['nt8/ES 03-20.Last.txt', 1_425, 60_000],
    ['crypto/BTC_USDT-5m.csv', 71_769, 300_000],
    ['crypto/BTC_USDT-1h.csv', 58_419, 3_600_000],
  ] as const) {
    it(`takes all ${rows} rows of ${file}`, async function () {
      if (shared === null) return this.skip();
      const report = await ingestFile(join(shared, 'data', file), { instrument: testInstrument({ stamp: 'open' }), barsFolder: folder() });
      assert.deepEqual([report.accepted, report.repaired, report.quarantined, report.rows], [rows, 0, 0, rows]);
      assert.equal(report.frequencyMs, frequencyMs);
    });
  }
});
