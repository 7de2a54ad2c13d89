import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { ArtifactCorrupt, ArtifactMissing, InvalidArtifactId } from '../../src/domain/artifact-errors.js';
import type { ArtifactStore } from '../../src/domain/ports.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A store under test and the ways around it that a test needs. */
export interface StoreUnderTest {
  readonly store: ArtifactStore;
  /** Overwrites what is stored under an id. */
  readonly damage: (id: string, content: Uint8Array) => Promise<void>;
  /** How many artifacts it holds, unfinished and quarantined ones apart. */
  readonly count: () => Promise<number>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** What every artifact store does; call it inside a `describe`. */
export const artifactStoreContract = (open: (folder: string) => Promise<StoreUnderTest>): void => {
  const folder = temporaryFolder();

  it('gives back any content under its SHA-256', async () => {
    const { store } = await open(folder());
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (content) => {
        const id = await store.put(content);
        assert.equal(id, hashOf(content));
        assert.deepEqual(Buffer.from(await store.get(id)), Buffer.from(content));
      }),
      { numRuns: 30 },
    );
  });

  it('takes a file as it takes bytes', async () => {
    const { store, count } = await open(folder());
    const content = Buffer.alloc(3_000_000, 'bars');
    const path = join(folder(), 'bars.parquet');
    await writeFile(path, content);
    const id = await store.put({ path });
    assert.equal(id, await store.put(content));
    assert.equal(await count(), 1);
    assert.ok(content.equals(await store.get(id)));
  });

  it('keeps content that 20 store at once only once', async () => {
    const { store, count } = await open(folder());
    const ids = await Promise.all(Array.from({ length: 20 }, () => store.put(bytes('same'))));
    assert.equal(new Set(ids).size, 1);
    assert.equal(await count(), 1);
    assert.deepEqual(Buffer.from(await store.get(ids[0]!)), Buffer.from('same'));
  });

  it('hands out a local file with the content', async () => {
    const { store } = await open(folder());
    const path = await store.file(await store.put(bytes('model')));
    assert.equal(await readFile(path, 'utf8'), 'model');
    assert.equal((await stat(path)).mode & 0o222, 0, 'it must not be writable');
  });

  it('says what it does not have', async () => {
    const { store } = await open(folder());
    const id = hashOf(bytes('never stored'));
    assert.equal(await store.has(id), false);
    await assert.rejects(store.get(id), ArtifactMissing);
    await assert.rejects(store.file(id), ArtifactMissing);
    await store.remove(id);
  });

  it('forgets what was removed', async () => {
    const { store, count } = await open(folder());
    const id = await store.put(bytes('old'));
    await store.remove(id);
    assert.deepEqual([await store.has(id), await count()], [false, 0]);
    await assert.rejects(store.get(id), ArtifactMissing);
  });

  for (const way of ['get', 'file'] as const)
    it(`never gives damaged content by ${way}, and serves it again once it is stored anew`, async () => {
      const { store, damage } = await open(folder());
      const content = bytes('weights of a model');
      const id = await store.put(content);
      for (const damaged of [bytes('weights of a modem'), content.subarray(0, 5), new Uint8Array(0)]) {
        await damage(id, damaged);
        await assert.rejects(store[way](id), (error) => error instanceof ArtifactCorrupt && error.found === hashOf(damaged));
        await assert.rejects(store[way](id), ArtifactMissing);
        await store.put(content);
        assert.deepEqual(Buffer.from(await store.get(id)), Buffer.from(content));
      }
    });

  it('repairs damaged content that is stored again', async () => {
    const { store, damage } = await open(folder());
    const id = await store.put(bytes('good'));
    await damage(id, bytes('bad!'));
    assert.equal(await store.put(bytes('good')), id);
    assert.deepEqual(Buffer.from(await store.get(id)), Buffer.from('good'));
  });

  it('takes nothing for an id that is not one', async () => {
    const { store } = await open(folder());
    for (const id of ['', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(64)}/..`, 'abc'])
      for (const attempt of [() => store.get(id), () => store.file(id), () => store.has(id), () => store.remove(id)])
        await assert.rejects(async () => attempt(), InvalidArtifactId);
  });
};
