import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import { artifactStoreContract } from '../contracts/artifact-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const objects = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(folder, 'objects'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

describe('the folder store', () => {
  artifactStoreContract(async (parent) => {
    const folder = join(parent, 'artifacts');
    return {
      store: await openFolderStore(folder),
      async damage(id, content) {
        const path = join(folder, 'objects', id.slice(0, 2), id);
        await chmod(path, 0o644);
        await writeFile(path, content);
      },
      count: async () => (await objects(folder)).length,
    };
  });

  const folder = temporaryFolder();

  it('keeps damaged content for whoever wants to look at it', async () => {
    const store = await openFolderStore(folder());
    const id = await store.put(Buffer.from('good'));
    const path = await store.file(id);
    await chmod(path, 0o644);
    await writeFile(path, 'bad!');
    await assert.rejects(store.get(id));
    const [quarantined] = await readdir(join(folder(), 'quarantine'));
    assert.ok(quarantined?.startsWith(id));
  });

  it('leaves nothing of a file that cannot be read to its end', async () => {
    const store = await openFolderStore(folder());
    await mkdir(join(folder(), 'a-folder'));
    await assert.rejects(store.put({ path: join(folder(), 'a-folder') }), { code: 'EISDIR' });
    await assert.rejects(store.put({ path: join(folder(), 'missing') }), { code: 'ENOENT' });
    assert.deepEqual([await objects(folder()), await readdir(join(folder(), 'incoming'))], [[], []]);
  });

  it('removes what a killed process left unfinished a day ago, and nothing younger', async () => {
    await openFolderStore(folder());
    const [old, young] = ['old', 'young'].map((name) => join(folder(), 'incoming', name)) as [string, string];
    await writeFile(old, 'half');
    await writeFile(young, 'half');
    const twoDaysAgo = Date.now() / 1_000 - 2 * 86_400;
    await utimes(old, twoDaysAgo, twoDaysAgo);
    await openFolderStore(folder());
    assert.deepEqual(await readdir(join(folder(), 'incoming')), ['young']);
  });
});
