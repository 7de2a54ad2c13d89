import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDemo } from '../../src/activities/write-demo.js';
import type { RatchetConfig } from '../../src/config/ratchet.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const config = (simulation: Readonly<Record<string, unknown>> = {}): RatchetConfig =>
  ratchetConfig.parse({ simulation: { heldOutSessions: 30, ...simulation }, evaluation: { evaluationFraction: 0.4 } });

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

  it('writes one export for each contract, with as many sessions as the held-out share needs', async () => {
    const demo = await writeDemo(folder(), config());
    assert.deepEqual([demo.sessions, demo.written, demo.files], [75, true, 2]);
    const texts = await Promise.all(['SIM 03-22.Last.txt', 'SIM 06-22.Last.txt'].map((name) => readFile(join(demo.folder, name), 'utf8')));
    const rows = texts.map((text) => text.trimEnd().split('\r\n').length);
    assert.equal(rows[0]! + rows[1]!, demo.bars);
    assert.deepEqual((await readdir(demo.folder)).sort(), ['SIM 03-22.Last.txt', 'SIM 06-22.Last.txt']);
  });

  it('leaves what is there alone, and makes the same files again where they are gone', async () => {
    const { folder: exports } = await writeDemo(folder(), config());
    const first = await contents(exports);
    assert.equal((await writeDemo(folder(), config())).written, false);
    await rm(join(folder(), 'simulation.json'));
    await rm(join(exports, 'SIM 03-22.Last.txt'));
    assert.equal((await writeDemo(folder(), config())).written, true);
    assert.deepEqual(await contents(exports), first);
  });

  it('refuses to mix two markets in one folder, naming both', async () => {
    await writeDemo(folder(), config());
    await assert.rejects(
      writeDemo(folder(), config({ edge: 0 })),
      /DemoDiffers: .*made with edge 6, seed 1.*one with edge 0, seed 1.*RATCHET_HOME/,
    );
  });

  it('says how far the calendar reaches when more sessions are wanted', async () => {
    await assert.rejects(
      writeDemo(folder(), config({ heldOutSessions: 5_000 })),
      /needs 12500 sessions from 2022-01-03 on, but .* until 20/,
    );
  });
});
