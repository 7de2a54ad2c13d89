import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCheckpoint, type LoadResult } from '../../../src/learning/checkpoint/load-checkpoint.js';
import type { CheckpointOwner } from '../../../src/learning/checkpoint/manifest.js';
import { writeCheckpoint, type SavedCheckpoint } from '../../../src/learning/checkpoint/write-checkpoint.js';
import { createRandom } from '../../../src/learning/random.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const owner: CheckpointOwner = { runId: 'train-TEST-000001', config: 'c'.repeat(64), dataset: 'd'.repeat(64) };
const allowed = { beforeCommit: () => Promise.resolve() };

/** Content by step: no two steps share a byte pattern. */
const filesOf = (step: number): Record<string, Uint8Array> => {
  const random = createRandom(step, 'content');
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random.integer(256));
  return { 'learner.safetensors': bytes(9_000), 'trainer.json': bytes(200) };
};
const save = (folder: string, step: number, epoch = 1, options = allowed): Promise<SavedCheckpoint> =>
  writeCheckpoint(folder, { step, epoch, owner, files: filesOf(step) }, options);
const load = (folder: string): Promise<LoadResult> => loadCheckpoint(folder, owner);
const plain = (files: Readonly<Record<string, Uint8Array>>): object =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, [...bytes]]));

describe('writeCheckpoint and loadCheckpoint', () => {
  const temporary = temporaryFolder();
  const folderWith = async (...steps: number[]): Promise<string> => {
    const folder = join(temporary(), 'checkpoints');
    for (const step of steps) await save(folder, step);
    return folder;
  };

  it('give back what was saved, and null from an empty or missing folder', async () => {
    const folder = join(temporary(), 'deep', 'checkpoints');
    assert.deepEqual(await load(folder), { checkpoint: null, quarantined: [] });
    const saved = await save(folder, 500);
    const { checkpoint } = await load(folder);
    assert.deepEqual(plain(checkpoint!.files), plain(filesOf(500)));
    assert.deepEqual([checkpoint!.name, checkpoint!.step, checkpoint!.epoch, checkpoint!.sha256], [saved.name, 500, 1, saved.sha256]);
  });

  it('take the newest by step number, not by text, and keep the last three', async () => {
    const folder = await folderWith(200, 1_000, 90, 5_000);
    assert.equal((await load(folder)).checkpoint!.step, 5_000);
    assert.deepEqual(
      (await readdir(folder)).map((name) => Number(name.slice(5, 17))).sort((a, b) => a - b),
      [200, 1_000, 5_000],
    );
  });

  it('can repeat a commit whose outcome was lost', async () => {
    const folder = await folderWith(100);
    const [first, second] = [await save(folder, 200), await save(folder, 200)];
    assert.deepEqual(second, first);
    assert.equal((await readdir(folder)).length, 2);
  });

  it('remove what a killed writer left', async () => {
    const folder = await folderWith(100);
    await mkdir(join(folder, '.tmp-left'));
    await writeFile(join(folder, '.tmp-left', 'learner.safetensors'), 'half');
    assert.equal((await load(folder)).checkpoint!.step, 100);
    assert.deepEqual((await readdir(folder)).length, 1);
  });

  it('refuse the checkpoint of another run, configuration or dataset', async () => {
    const folder = await folderWith(100);
    for (const [what, value] of [
      ['runId', 'train-TEST-000002'],
      ['config', 'x'],
      ['dataset', 'y'],
    ] as const)
      await assert.rejects(loadCheckpoint(folder, { ...owner, [what]: value }), {
        name: 'CheckpointMismatch',
        message: new RegExp(`has ${what} `),
      });
  });

  it('commit nothing once another attempt has taken over', async () => {
    const folder = await folderWith(100);
    await save(folder, 200, 2);
    await assert.rejects(save(folder, 300, 1), { name: 'StaleEpoch' });
    const stale = Object.assign(new Error('over'), { name: 'StaleEpoch' });
    await assert.rejects(save(folder, 300, 2, { beforeCommit: () => Promise.reject(stale) }), stale);
    assert.equal((await load(folder)).checkpoint!.step, 200);
    assert.ok((await readdir(folder)).every((name) => !name.startsWith('.tmp-')));
  });

  it('set aside what is refused, with the reason, and take the newest that is not', async () => {
    const folder = await folderWith(100, 200, 300);
    const spoilt = [200, 300].map((step) => Buffer.from(filesOf(step)['trainer.json']!).toString('hex'));
    const { checkpoint, quarantined } = await loadCheckpoint(folder, owner, (files) =>
      spoilt.includes(Buffer.from(files['trainer.json']!).toString('hex')) ? 'spoilt' : null,
    );
    assert.equal(checkpoint?.step, 100);
    assert.deepEqual(
      quarantined.map(({ reason }) => reason),
      ['spoilt', 'spoilt'],
    );
    assert.equal((await load(folder)).checkpoint?.step, 100, 'what was set aside is not found again');
  });

  it('detect every mutation, fall back to the one before and keep the damaged one', async function () {
    const rounds = process.env.RATCHET_LONG === undefined ? 150 : 10_000;
    this.timeout(rounds * 200);
    const random = createRandom(7, 'mutations');
    const kinds: Record<string, number> = {};
    for (let round = 0; round < rounds; round++) {
      const folder = await folderWith(100, 200);
      const names = (await readdir(folder)).sort();
      const [older, newest] = [join(folder, names[0]!), join(folder, names[1]!)];
      const files = await readdir(newest);
      const file = join(newest, files[random.integer(files.length)]!);
      const bytes = await readFile(file);
      const at = random.integer(bytes.length);
      const mutations: Record<string, () => Promise<void>> = {
        flip: () =>
          writeFile(
            file,
            bytes.map((byte, i) => (i === at ? byte ^ (1 << random.integer(8)) : byte)),
          ),
        truncate: () => truncate(file, at),
        append: () => writeFile(file, Buffer.concat([bytes, Buffer.from([0])])),
        zero: () =>
          writeFile(
            file,
            bytes.map((byte, i) => (i >= at && i < at + 4_096 ? (i === at && byte === 0 ? 1 : 0) : byte)),
          ),
        remove: () => rm(file),
        swapWeights: () => exchange(join(older, 'learner.safetensors'), join(newest, 'learner.safetensors')),
        oldManifest: async () => writeFile(join(newest, 'manifest.json'), await readFile(join(older, 'manifest.json'))),
        link: async () => {
          await rename(file, join(folder, 'elsewhere'));
          await symlink(join(folder, 'elsewhere'), file);
        },
      };
      const [kind, mutate] = Object.entries(mutations)[random.integer(Object.keys(mutations).length)]!;
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      await mutate();
      const { checkpoint, quarantined } = await load(folder);
      if (kind === 'swapWeights') {
        assert.equal(checkpoint, null, 'both are damaged');
        assert.equal(quarantined.length, 2);
      } else {
        assert.equal(checkpoint!.step, 100, `${kind} of ${file} at ${at}`);
        assert.deepEqual(plain(checkpoint!.files), plain(filesOf(100)));
        assert.deepEqual(
          quarantined.map(({ name }) => name),
          [names[1]],
        );
      }
      for (const { movedTo, reason } of quarantined) assert.ok((await readdir(folder)).includes(movedTo) && reason.length > 10);
      await rm(folder, { recursive: true });
    }
    assert.equal(Object.keys(kinds).length, 8);
  });
});

const exchange = async (a: string, b: string): Promise<void> => {
  await rename(a, `${a}.aside`);
  await rename(b, a);
  await rename(`${a}.aside`, b);
};
