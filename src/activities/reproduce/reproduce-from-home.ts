import { join } from 'node:path';
import { openFolderStore } from '../../artifacts/folder-store.js';
import type { Logger } from '../../domain/ports.js';
import type { TrainerProgress } from '../../domain/training/trainer-protocol.js';
import { openRegistry } from '../../registry/open-registry.js';
import type { Version } from '../../registry/versions.js';
import { reproduceVersion, type Reproduction } from './reproduce-version.js';

export type { Reproduction } from './reproduce-version.js';

export interface ReproduceRequest {
  readonly home: string;
  /** Folder of the artifacts. */
  readonly artifactsFolder: string;
  readonly databaseUrl: string;
  readonly instrument: string;
  readonly bucket: string;
  /** As people name versions. */
  readonly written: string;
  /** Rebuilds every ancestor before the version itself. */
  readonly ancestors: boolean;
  readonly devices: string | null;
  readonly logger: Logger;
  readonly onProgress: (version: string, progress: TrainerProgress) => void;
}

/** Reproduces a version, its ancestors first if asked, out of a state folder and its database. Throws what `versions.resolve` and `reproduceVersion` throw. */
export const reproduceFromHome = async (request: ReproduceRequest): Promise<Reproduction[]> => {
  const { home, artifactsFolder, databaseUrl, instrument, bucket, written, ancestors, devices, logger, onProgress } = request;
  const registry = await openRegistry({ databaseUrl, logger });
  try {
    const artifacts = await openFolderStore(artifactsFolder);
    const line: Version[] = [await registry.versions.resolve(instrument, bucket, written)];
    for (let parent = line[0]?.parent ?? null; ancestors && parent !== null;) {
      const before = await registry.versions.get(instrument, bucket, parent);
      if (before !== null) line.unshift(before);
      parent = before?.parent ?? null;
    }
    const reproductions: Reproduction[] = [];
    for (const version of line)
      reproductions.push(
        await reproduceVersion(version, {
          registry,
          artifacts,
          folder: join(home, 'cache'),
          ...(devices === null ? {} : { devices }),
          onProgress: (progress) => onProgress(version.name, progress),
        }),
      );
    return reproductions;
  } finally {
    await registry.close();
  }
};
