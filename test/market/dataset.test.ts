import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactStore } from '../../src/domain/ports.js';
import type { BarSeries } from '../../src/domain/market/bars.js';
import { datasetId, NotADataset, readDataset, writeDataset } from '../../src/market/bar-store.js';
import { freezeDataset } from '../../src/market/freeze-dataset.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { randomBars } from '../support/market/random-bars.js';

describe('datasets', () => {
  const folder = temporaryFolder();

  it('are read back as they were written, bit for bit', async () => {
    const bars = randomBars({ sessions: 5, barsPerSession: 1_000 });
    const path = join(folder(), 'bars.parquet');
    await writeDataset(bars, path);
    assert.deepEqual(await readDataset(path), bars);
  });

  it('without bars are read back, too', async () => {
    const path = join(folder(), 'none.parquet');
    await writeDataset(randomBars({ sessions: 0 }), path);
    assert.equal((await readDataset(path)).length, 0);
  });

  it('keep quotes in the path and in the instrument', async () => {
    const bars = { ...randomBars(), instrument: "O'X" };
    const path = join(folder(), "it's.parquet");
    await writeDataset(bars, path);
    assert.equal((await readDataset(path)).instrument, "O'X");
  });

  it('refuse a file that is none', async () => {
    await assert.rejects(readDataset(join(folder(), 'missing.parquet')), NotADataset);
  });

  it('have an id that depends on every value, and on nothing else', () => {
    const bars = randomBars();
    const id = datasetId(bars);
    assert.equal(datasetId(randomBars()), id);
    const changed: BarSeries[] = [
      { ...bars, instrument: 'OTHER' },
      { ...bars, frequencyMs: 1 },
      { ...bars, close: bars.close.with(119, 1) },
      { ...bars, openTime: bars.openTime.with(0, 1) },
      { ...bars, session: bars.session.with(119, 99) },
    ];
    assert.equal(new Set([id, ...changed.map(datasetId)]).size, 6);
  });

  it('have the id that SHA-256 over the documented bytes gives', () => {
    const bars = randomBars({ sessions: 1, barsPerSession: 1 });
    const bytes = Buffer.alloc(7 * 8 + 4);
    const columns = [bars.openTime, bars.closeTime, bars.open, bars.high, bars.low, bars.close, bars.volume];
    columns.forEach((column, index) => bytes.writeDoubleLE(column[0]!, index * 8));
    bytes.writeInt32LE(bars.session[0]!, 56);
    const expected = createHash('sha256').update('{"instrument":"TEST","frequencyMs":60000,"length":1}\n').update(bytes).digest('hex');
    assert.equal(datasetId(bars), expected);
  });

  it('are frozen into the artifact store under the hash of their content', async () => {
    const bars = randomBars({ sessions: 3, barsPerSession: 1_000 });
    const artifacts = join(folder(), 'artifacts');
    const dataset = await freezeDataset(bars, {
      artifacts: await folderStore(artifacts),
      quality: 0.99,
      simulated: true,
      temporaryFolder: folder(),
    });
    assert.equal(dataset.id, datasetId(bars));
    assert.equal(datasetId(await readDataset(join(artifacts, dataset.artifact))), dataset.id);
    assert.deepEqual(
      [dataset.bars, dataset.sessions, dataset.quality, dataset.simulated, dataset.to],
      [3_000, 3, 0.99, true, new Date(bars.closeTime[2_999]!).toISOString()],
    );
  });
});

/** The two calls of a store that freezing makes, on a real folder; the real store lives in a folder that market code may not import. */
const folderStore = async (folder: string): Promise<ArtifactStore> => {
  await mkdir(folder, { recursive: true });
  const unused = () => Promise.reject(new Error('not used here'));
  return {
    async put(content) {
      if (content instanceof Uint8Array) return unused();
      const id = createHash('sha256')
        .update(await readFile(content.path))
        .digest('hex');
      await copyFile(content.path, join(folder, id));
      return id;
    },
    get: unused,
    file: unused,
    has: unused,
    remove: unused,
  };
};
