import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointMismatch } from './errors.js';
import {
  checkpointManifest,
  checkpointNames,
  MANIFEST,
  sha256,
  type CheckpointManifest,
  type CheckpointName,
  type CheckpointOwner,
} from './manifest.js';
import { TEMPORARY, type SavedCheckpoint } from './write-checkpoint.js';

/** A checkpoint read back and proved whole. */
export interface LoadedCheckpoint extends SavedCheckpoint {
  readonly epoch: number;
  readonly hardware: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** A damaged or refused checkpoint, set aside under a new name beside the others and never deleted. */
export interface QuarantinedCheckpoint {
  readonly name: string;
  readonly movedTo: string;
  readonly reason: string;
}

export interface LoadResult {
  /** Null when there is none. */
  readonly checkpoint: LoadedCheckpoint | null;
  readonly quarantined: readonly QuarantinedCheckpoint[];
}

/**
 * The newest checkpoint whose every byte is as its manifest says, and that `refuse` gives no reason against; other newer ones are quarantined, and
 * what killed writers left is removed. The folder is made when missing. The caller holds the run's lock. Throws `CheckpointMismatch` when the newest good one is not the owner's.
 */
export const loadCheckpoint = async (
  folder: string,
  owner: CheckpointOwner,
  refuse: (files: LoadedCheckpoint['files']) => string | null = () => null,
): Promise<LoadResult> => {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  for (const name of names) if (name.startsWith(TEMPORARY)) await rm(join(folder, name), { recursive: true, force: true });
  const quarantined: QuarantinedCheckpoint[] = [];
  for (const candidate of checkpointNames(names)) {
    const checkpoint = await readWhole(folder, candidate);
    const refusal = checkpoint instanceof Damaged ? checkpoint.message : refuse(checkpoint.files);
    if (!(checkpoint instanceof Damaged) && refusal === null) {
      assertOwner(join(folder, candidate.name), checkpoint.manifest, owner);
      const { manifest, files } = checkpoint;
      const { step, epoch, hardware } = manifest;
      return { checkpoint: { name: candidate.name, sha256: checkpoint.sha256, step, epoch, hardware, files }, quarantined };
    }
    const movedTo = `quarantine-${candidate.name}-${randomUUID().slice(0, 8)}`;
    await rename(join(folder, candidate.name), join(folder, movedTo));
    quarantined.push({ name: candidate.name, movedTo, reason: refusal ?? '' });
  }
  return { checkpoint: null, quarantined };
};

class Damaged extends Error {}

interface WholeCheckpoint {
  readonly manifest: CheckpointManifest;
  readonly sha256: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

const readWhole = async (folder: string, { name, step, epoch, seal }: CheckpointName): Promise<WholeCheckpoint | Damaged> => {
  try {
    const path = join(folder, name);
    const bytes = await readRegularFile(path, MANIFEST);
    const hash = sha256(bytes);
    if (!hash.startsWith(seal)) throw new Damaged(`manifest has SHA-256 ${hash}, its folder's name says ${seal}…`);
    const manifest = checkpointManifest.parse(JSON.parse(new TextDecoder().decode(bytes)));
    if (manifest.step !== step || manifest.epoch !== epoch)
      throw new Damaged(`manifest is of step ${manifest.step}, epoch ${manifest.epoch}`);
    const files: Record<string, Uint8Array> = {};
    for (const file of manifest.files) {
      const content = await readRegularFile(path, file.name, file.bytes);
      const found = sha256(content);
      if (found !== file.sha256) throw new Damaged(`${file.name} has SHA-256 ${found}, expected ${file.sha256}`);
      files[file.name] = content;
    }
    return { manifest, sha256: hash, files };
  } catch (error) {
    if (error instanceof Damaged) return error;
    // Too many open files, no permission and the like say nothing about the checkpoint: only what is missing or unreadable is damaged.
    if (!(error instanceof Error) || ('code' in error && error.code !== 'ENOENT' && error.code !== 'EIO')) throw error;
    return new Damaged(error.message);
  }
};

const readRegularFile = async (folder: string, name: string, bytes?: number): Promise<Uint8Array> => {
  const path = join(folder, name);
  const status = await lstat(path);
  if (!status.isFile()) throw new Damaged(`${name} is not a plain file`);
  if (bytes !== undefined && status.size !== bytes) throw new Damaged(`${name} has ${status.size} bytes, expected ${bytes}`);
  return readFile(path);
};

const assertOwner = (path: string, manifest: CheckpointManifest, owner: CheckpointOwner): void => {
  for (const what of ['runId', 'dataset', 'config'] as const)
    if (manifest[what] !== owner[what]) throw new CheckpointMismatch(path, what, manifest[what], owner[what]);
};
