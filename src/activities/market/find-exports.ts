import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { acceptFile } from '../../market/formats/accept-file.js';
import { scanFolder } from '../../market/watch/scan-folder.js';

/** What is in a folder of exports, or in one file, by names and lengths alone. */
export interface FoundExports {
  readonly state: 'readable' | 'missing' | 'unreadable';
  /** Instruments that have a file, in order. */
  readonly instruments: readonly string[];
  readonly files: number;
  /** Why files are not used, one sentence each. */
  readonly unused: readonly string[];
}

/** Looks for exports of the wanted instruments, or of any known one where none is wanted. */
export const findExports = async (path: string, wanted: readonly string[], known: readonly string[]): Promise<FoundExports> => {
  const { state, files } = await scanFolder(path);
  const accept = acceptFile(wanted, known);
  const verdicts = await Promise.all(
    files.map(async ({ path: file }) => {
      const verdict = accept(basename(file));
      const isEmpty = typeof verdict === 'string' && (await isEmptyFile(file));
      return { name: basename(file), verdict: isEmpty ? { unused: 'it is empty' } : verdict };
    }),
  );
  const used = verdicts.flatMap(({ verdict }) => (typeof verdict === 'string' ? [verdict] : []));
  return {
    state,
    instruments: [...new Set(used)].sort(),
    files: used.length,
    unused: verdicts.flatMap(({ name, verdict }) =>
      verdict === null || typeof verdict === 'string' ? [] : [`${name}: ${verdict.unused}`],
    ),
  };
};

const isEmptyFile = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size === 0,
    () => false, // gone in the meantime, or not to be read: the watcher says so
  );
