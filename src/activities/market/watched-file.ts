import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { isPathId } from '../../domain/learner/data-file.js';

/** A reported path that is not of the watched folder. */
export class PathRefused extends Error {
  override readonly name = 'PathRefused';
}

/** A reported file that is not there any more. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing';
}

/** The real path of a reported file, which lies within the watched folder, links resolved. Throws `PathRefused`, `FileMissing`. */
export const watchedFile = async (watched: string | null, pathId: string): Promise<string> => {
  if (watched === null) throw new PathRefused(`${pathId} was reported, but no folder is watched: set watch.path`);
  if (!isPathId(pathId)) throw new PathRefused(`${JSON.stringify(pathId)} is not a path inside the watched folder`);
  const root = await existing(watched, pathId);
  const folder = (await stat(root)).isFile() ? dirname(root) : root;
  const path = await existing(join(folder, ...pathId.split('/')), pathId);
  if (path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return path;
  throw new PathRefused(`${pathId} leads out of the watched folder ${watched}`);
};

const existing = async (path: string, pathId: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (error) {
    throw new FileMissing(`${pathId} cannot be read in the watched folder: ${error instanceof Error ? error.message : String(error)}`);
  }
};
