import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import { readPytorch } from '../../src/learning/export/pytorch/pytorch-file.js';
import { readTensors } from '../../src/learning/safetensors.js';
import type { Version } from '../../src/registry/versions.js';
import { ratchet, type Ended } from '../support/services/command-line.js';
import { dataset, freshRegistry, newVersion } from '../support/registry/registry.js';
import { storeModel } from '../support/registry/served-model.js';

describe('ratchet export', function () {
  this.timeout(60_000);
  let folder: string;
  let databaseUrl: string;
  let versions: readonly Version[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ratchet-export-'));
    const registry = await freshRegistry();
    ({ databaseUrl } = registry);
    const artifacts = await openFolderStore(join(folder, 'artifacts'));
    await registry.datasets.save(dataset());
    const made: Version[] = [];
    for (const seed of [1, 2])
      made.push(await registry.versions.register(newVersion(`key-${seed}`, { bundle: (await storeModel(artifacts, { seed })).bundle })));
    versions = made;
    const { instrument, bucket, name: version } = made[0]!;
    await registry.production.promote({ operationKey: 'live', instrument, bucket, version, expectedPrevious: null, decision: null, actor: 'ratchet', reason: 'better' }); // prettier-ignore
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const run = (...words: string[]): Promise<Ended> =>
    ratchet(['export', ...words], { RATCHET_HOME: folder, DATABASE_URL: databaseUrl, NO_COLOR: '1' });

  it('writes what is live as the ending says, with the module beside pt, and says how near it comes', async () => {
    const { code, stdout, stderr } = await run('--output', join(folder, 'live.pt'));
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      new RegExp(`^ES: ${versions[0]!.name} written as pt \\(\\d+ KiB\\) to .*live\\.pt and .*live\\.py; on 256 states`),
    );
    assert.ok(readPytorch(await readFile(join(folder, 'live.pt'))).some(({ name }) => name === 'trunk_0_weight'));
    assert.match(await readFile(join(folder, 'live.py'), 'utf8'), /torch\.load\("live\.pt", weights_only=True\)/);
    assert.deepEqual((await readdir(folder)).filter((name) => name.startsWith('.')), []); // prettier-ignore
  });

  it('writes the version that is named in the format that is named', async () => {
    const { code, stdout, stderr } = await run('--output', join(folder, 'second'), '--version', 'v2', '--format', 'safetensors', '--json');
    assert.equal(code, 0, stderr);
    const told = JSON.parse(stdout) as { version: string; largestDifference: number; files: string[] };
    assert.equal(told.version, versions[1]!.name);
    assert.ok(told.largestDifference <= 1e-5);
    assert.deepEqual(told.files, [join(folder, 'second')]);
    assert.ok(readTensors(await readFile(join(folder, 'second'))).some(({ name }) => name === 'trunk/0/weight'));
  });

  for (const [what, words, code, message] of [
    [
      'a format that does not exist',
      ['--output', 'x', '--format', 'pkl'],
      2,
      /"pkl" does not exist: expected one of onnx, safetensors, pt/,
    ],
    ['a version that is no reference', ['--output', 'x', '--version', 'newest'], 2, /"newest" names no version/],
    ['a version that is not registered', ['--output', 'x', '--version', 'v9'], 1, /v9/],
    ['no output', [], 2, /required option '--output <file>' not specified/],
  ] as const)
    it(`ends with ${code} for ${what}, and writes nothing`, async () => {
      const before = await readdir(folder);
      const ended = await run(...words);
      assert.equal(ended.code, code, ended.stderr);
      assert.match(ended.stderr, message);
      assert.deepEqual(await readdir(folder), before);
    });

  it('ends with 1 when nothing runs', async () => {
    const ended = await ratchet(['export', '--output', 'x.pt'], { RATCHET_HOME: join(folder, 'nowhere'), DATABASE_URL: '' });
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /does not run on .*nowhere: start it with "npm start"/);
  });
});
