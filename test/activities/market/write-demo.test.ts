import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDemo } from '../../../src/activities/market/write-demo.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const contents = async (folder: string): Promise<Record<string, string>> => {
  const names = (await readdir(folder)).sort();
  const hashes = await Promise.all(
    names.map(
      async (name) =>
        [
          name,
          createHash('sha256')
            .update(await readFile(join(folder, name)))
            .digest('hex'),
        ] as const,
    ),
  );
  return Object.fromEntries(hashes);
};

describe('writeDemo', () => {
  const folder = temporaryFolder();

  it('writes four years as sixteen contracts, leaves them alone, and makes the same files again where they are gone', async () => {
    const demo = await writeDemo(folder(), { seed: 1 });
    assert.deepEqual([demo.instrument, demo.edge, demo.written, demo.files], ['SIM', 8, true, 16]);
    const first = await contents(demo.folder);
    assert.equal(Object.keys(first).length, 16);
    const rows = await Promise.all(
      Object.keys(first).map(async (name) => (await readFile(join(demo.folder, name), 'utf8')).trimEnd().split('\r\n').length),
    );
    assert.equal(
      rows.reduce((sum, count) => sum + count, 0),
      demo.bars,
    );
    assert.deepEqual(await writeDemo(folder(), { seed: 1 }), { ...demo, written: false });

    await rm(join(folder(), 'simulation.json'));
    await rm(join(demo.folder, 'SIM 03-22.Last.txt'));
    assert.equal((await writeDemo(folder(), { seed: 1 })).written, true);
    assert.deepEqual(await contents(demo.folder), first);
  });

  it('refuses to mix two markets in one folder, naming both', async () => {
    await writeDemo(folder(), { seed: 1 });
    await assert.rejects(writeDemo(folder(), { seed: 2, edge: 0 }), /DemoDiffers: .*of edge 8 and seed 1, but one of edge 0 and seed 2/);
  });
});
