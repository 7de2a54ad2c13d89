import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode, isGone } from './look-at-file.js';

export interface FoundFile {
  /** Path relative to the watched folder, separated by `/`; the name for a single watched file. */
  readonly pathId: string;
  readonly path: string;
}

export interface FolderScan {
  /** `missing` and `unreadable` are said of the watched path itself. */
  readonly state: 'readable' | 'missing' | 'unreadable';
  /** Changes when the watched path is another folder than before. */
  readonly inode: number;
  readonly files: readonly FoundFile[];
  /** Sub-folders that could not be read, with the system's reason. */
  readonly unreadable: readonly { readonly path: string; readonly code: string }[];
}

/** Lists all files under `path` (or `path` itself, when it is a file), sub-folders too; links to folders are not followed, so nothing is listed twice. */
export const scanFolder = async (path: string): Promise<FolderScan> => {
  try {
    const found = await stat(path);
    if (found.isFile()) return { state: 'readable', inode: found.ino, files: [{ pathId: basename(path), path }], unreadable: [] };
    const entries = await readdir(path, { withFileTypes: true });
    const files: FoundFile[] = [];
    const unreadable: { path: string; code: string }[] = [];
    await walk(path, '', entries, files, unreadable);
    return { state: 'readable', inode: found.ino, files, unreadable };
  } catch (error) {
    const code = errorCode(error) ?? String(error);
    return { state: isGone(error) ? 'missing' : 'unreadable', inode: 0, files: [], unreadable: isGone(error) ? [] : [{ path, code }] };
  }
};

type Entries = Awaited<ReturnType<typeof listFolder>>;

const listFolder = (path: string) => readdir(path, { withFileTypes: true });

const walk = async (
  folder: string,
  prefix: string,
  entries: Entries,
  files: FoundFile[],
  unreadable: { path: string; code: string }[],
): Promise<void> => {
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const pathId = `${prefix}${entry.name}`;
    if (!entry.isDirectory()) files.push({ pathId, path });
    else {
      const inner = await listFolder(path).catch((error: unknown) => {
        if (!isGone(error)) unreadable.push({ path, code: errorCode(error) ?? String(error) });
        return [];
      });
      await walk(path, `${pathId}/`, inner, files, unreadable);
    }
  }
};
