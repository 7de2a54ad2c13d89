import { instrumentOfFile } from './instrument-of-file.js';

const DATA = /\.(?:csv|txt)$/i;

/**
 * The instrument whose bars a file of a watched folder holds. A single owner has them all; of several it is the longest id that the name begins
 * with, however its parts are joined (`BTC_USDT-5m.csv` is of `BTC-USDT`). Null for what is no export; the reason where an export is not used.
 */
export const ownerOfFile = (fileName: string, owners: readonly string[]): string | { readonly unused: string } | null => {
  if (!DATA.test(fileName)) return null;
  const said = instrumentOfFile(fileName);
  if (said !== null && 'unused' in said) return said;
  const [first, second] = owners;
  if (first !== undefined && second === undefined) return first;
  const [longest] = owners.filter((id) => beginsWith(fileName, id)).sort((a, b) => b.length - a.length);
  return (
    longest ?? {
      unused: `its name begins with none of ${owners.join(', ') || 'the configured instruments, of which there are none'}; rename it, or say in watch.instruments whose exports these are`,
    }
  );
};

/** Ids hold letters, digits, ".", "_" and "-" only. */
const beginsWith = (fileName: string, id: string): boolean =>
  new RegExp(`^${id.split(/[-._]/).join('[-._ ]?')}(?![A-Za-z0-9])`, 'i').test(fileName);
