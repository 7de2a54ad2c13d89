import { instrumentOfFile } from './instrument-of-file.js';

/** The instrument of a file by its name, why the file is not used, or null for a file that is none of this watcher's. */
export type AcceptFile = (fileName: string) => string | { readonly unused: string } | null;

const DATA = /\.(txt|csv)$/i;

/**
 * What a watched folder's files are: a file belongs to the instrument that its name begins with. Where `wanted` names instruments, others' files
 * are passed over, and one that is wanted alone owns the files whose names do not say; where it is empty, every instrument of `known` is wanted.
 */
export const acceptFile =
  (wanted: readonly string[], known: readonly string[]): AcceptFile =>
  (fileName) => {
    const said = instrumentOfFile(fileName);
    const [alone] = wanted;
    if (said === null) {
      if (!DATA.test(fileName)) return null;
      return alone !== undefined && wanted.length === 1
        ? alone
        : { unused: 'its name does not say whose bars it holds; name the one instrument with --instrument' };
    }
    const { instrument, unused } = said;
    if (wanted.length > 0 && !wanted.includes(instrument)) return null;
    if (unused !== undefined) return { unused };
    if (wanted.length > 0 || known.includes(instrument)) return instrument;
    return { unused: `instrument ${instrument} is not configured; known are ${known.join(', ')}` };
  };
