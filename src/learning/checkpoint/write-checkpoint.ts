import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { CheckpointFailed, StaleEpoch } from './errors.js';
import { checkpointName, checkpointNames, MANIFEST, sha256, type CheckpointManifest, type CheckpointOwner } from './manifest.js';

/** Files being written or removed; whoever finds one left behind may delete it. */
export const TEMPORARY = '.tmp-';

export interface CheckpointContent {
  readonly step: number;
  /** Fence: number of the attempt that writes. */
  readonly epoch: number;
  readonly owner: CheckpointOwner;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export interface WriteOptions {
  /** Asked after everything is on disk and before it counts; throws when another attempt has taken over. */
  readonly beforeCommit: () => Promise<void>;
  /** Checkpoints kept, this one included. */
  readonly keep?: number;
}

export interface SavedCheckpoint {
  /** Name of its folder. */
  readonly name: string;
  readonly step: number;
  /** SHA-256 of the manifest, which holds those of all files. */
  readonly sha256: string;
}

/**
 * Writes a checkpoint that is whole or absent: files into a temporary folder, each synced, the manifest last; then a rename, and the parent
 * synced. Throws `CheckpointFailed` (older checkpoints untouched, nothing left behind), `StaleEpoch`, and what `beforeCommit` throws.
 */
export const writeCheckpoint = async (folder: string, content: CheckpointContent, options: WriteOptions): Promise<SavedCheckpoint> => {
  const temporary = join(folder, `${TEMPORARY}${randomUUID()}`);
  const manifest = manifestOf(content);
  const name = checkpointName(content.step, content.epoch, sha256(manifest));
  try {
    await guarded(folder, content.step, async () => {
      await mkdir(temporary, { recursive: true });
      for (const [file, bytes] of Object.entries(content.files)) await writeSynced(join(temporary, file), bytes);
      await writeSynced(join(temporary, MANIFEST), manifest);
      await syncFolder(temporary);
    });
    await assertNewest(folder, content.epoch);
    await options.beforeCommit();
    await guarded(folder, content.step, () => commit(temporary, folder, name));
  } catch (error) {
    // Never sync the same file again: after an error its pages may count as written (reliability of fsync, ATC 2020).
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  await removeOld(folder, options.keep ?? 3);
  return { name, step: content.step, sha256: sha256(manifest) };
};

const manifestOf = ({ step, epoch, owner: { runId, dataset, config }, files }: CheckpointContent): Uint8Array => {
  const manifest: CheckpointManifest = {
    format: 1,
    runId,
    step,
    epoch,
    files: Object.entries(files).map(([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256(bytes) })),
    hardware: cpus()[0]?.model ?? 'unknown',
    dataset,
    config,
  };
  return new TextEncoder().encode(JSON.stringify(manifest, null, 1));
};

const writeSynced = async (path: string, bytes: Uint8Array): Promise<void> => {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Makes the names in a folder durable; Windows has no such call and needs none. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const commit = async (temporary: string, folder: string, name: string): Promise<void> => {
  // The name is sealed by its content, so a folder of that name holds the same checkpoint, committed before a crash.
  if ((await readdir(folder)).includes(name)) await rm(temporary, { recursive: true });
  else await rename(temporary, join(folder, name));
  await syncFolder(folder);
};

const assertNewest = async (folder: string, epoch: number): Promise<void> => {
  const newest = Math.max(epoch, ...checkpointNames(await readdir(folder)).map((checkpoint) => checkpoint.epoch));
  if (newest > epoch) throw new StaleEpoch(epoch, newest);
};

const guarded = async (folder: string, step: number, write: () => Promise<void>): Promise<void> => {
  try {
    await write();
  } catch (error) {
    throw new CheckpointFailed(folder, step, error);
  }
};

/** Removes the oldest beyond `keep`, each by a rename first, so that a half-removed checkpoint is never found. What cannot be removed stays. */
const removeOld = async (folder: string, keep: number): Promise<void> => {
  for (const { name } of checkpointNames(await readdir(folder)).slice(keep)) {
    const removed = join(folder, `${TEMPORARY}${randomUUID()}`);
    await rename(join(folder, name), removed)
      .then(() => rm(removed, { recursive: true, force: true }))
      .catch(() => undefined);
  }
};
