import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ArtifactCorrupt, ArtifactMissing, InvalidArtifactId } from '../domain/artifact-errors.js';
import type { ArtifactStore } from '../domain/ports.js';
import { syncFolder } from './sync-folder.js';

const CHUNK_BYTES = 1 << 20;
const ABANDONED_MS = 24 * 3_600_000;

/**
 * Artifacts as read-only files `objects/<2 digits>/<id>` of a folder, which it creates. A file gets its name only once its content is on the disk, so a crash or
 * a full disk leaves whole artifacts or none; what a read finds damaged goes to `quarantine/`.
 */
export const openFolderStore = async (folder: string): Promise<ArtifactStore> => {
  const incoming = join(folder, 'incoming');
  const quarantine = join(folder, 'quarantine');
  await Promise.all([incoming, quarantine, join(folder, 'objects')].map((path) => mkdir(path, { recursive: true })));
  await removeAbandoned(incoming);

  const pathOf = (id: string): string => {
    if (!/^[0-9a-f]{64}$/.test(id)) throw new InvalidArtifactId(id);
    return join(folder, 'objects', id.slice(0, 2), id);
  };

  const setAside = async (id: string, found: string): Promise<ArtifactCorrupt> => {
    const aside = join(quarantine, `${id}-${randomUUID()}`);
    await rename(pathOf(id), aside).catch(unlessMissing);
    return new ArtifactCorrupt(id, found, aside);
  };

  /** The verified artifact's path, or null when there is none. */
  const find = async (id: string): Promise<string | null> => {
    const path = pathOf(id);
    const found = await hashOfFile(path);
    if (found === null || found === id) return found === null ? null : path;
    throw await setAside(id, found);
  };

  const isStored = (id: string): Promise<boolean> =>
    find(id).then(
      (path) => path !== null,
      (error: unknown) => {
        if (error instanceof ArtifactCorrupt) return false; // set aside now, and about to be stored again
        throw error;
      },
    );

  const publish = async (temporary: string, id: string): Promise<void> => {
    const path = pathOf(id);
    if ((await mkdir(dirname(path), { recursive: true })) !== undefined) await syncFolder(join(folder, 'objects'));
    await rename(temporary, path).catch(async (error: unknown) => {
      if (!(await isStored(id))) throw error; // Windows refuses a name that another writer of the same content has just taken
    });
    await syncFolder(dirname(path));
  };

  return {
    async put(content) {
      if (content instanceof Uint8Array && (await isStored(hashOf(content)))) return hashOf(content);
      const temporary = join(incoming, randomUUID());
      try {
        const id = await write(temporary, content instanceof Uint8Array ? [content] : chunksOf(content.path));
        if (!(await isStored(id))) await publish(temporary, id);
        return id;
      } finally {
        await rm(temporary, { force: true });
      }
    },

    async get(id) {
      const content = await readFile(pathOf(id)).catch(unlessMissing);
      if (content === undefined) throw new ArtifactMissing(id);
      const found = hashOf(content);
      if (found !== id) throw await setAside(id, found);
      return content;
    },

    async file(id) {
      const path = await find(id);
      if (path === null) throw new ArtifactMissing(id);
      return path;
    },

    has: (id) =>
      stat(pathOf(id)).then(
        () => true,
        (error: unknown) => {
          unlessMissing(error);
          return false;
        },
      ),

    async remove(id) {
      await rm(pathOf(id), { force: true });
      await syncFolder(dirname(pathOf(id))).catch(unlessMissing);
    },
  };
};

/** Writes the chunks to a new file, forces them to the disk, and returns their hash. */
const write = async (path: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> => {
  const hash = createHash('sha256');
  const handle = await open(path, 'wx');
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(path, 0o444);
  return hash.digest('hex');
};

/** A file's content in pieces that share one buffer: each is valid until the next is asked for. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

const hashOfFile = async (path: string): Promise<string | null> => {
  const hash = createHash('sha256');
  try {
    for await (const chunk of chunksOf(path)) hash.update(chunk);
    return hash.digest('hex');
  } catch (error) {
    unlessMissing(error);
    return null;
  }
};

// A process that was killed while it wrote leaves its unfinished file; nobody refers to it.
const removeAbandoned = async (incoming: string): Promise<void> => {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, basename(name));
    const age = Date.now() - (await stat(path)).mtimeMs;
    if (age > ABANDONED_MS) await rm(path, { force: true });
  }
};

const unlessMissing = (error: unknown): undefined => {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
};
