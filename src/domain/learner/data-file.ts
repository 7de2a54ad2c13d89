import { isStorableText } from '../storable-text.js';

/** A finished file of market data. `id` names the arrival; `pathId` the file, relative to the watched folder, with `/` between names. */
export interface DataFile {
  readonly id: string;
  readonly pathId: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What was readable in a message, and one sentence per part that was not. */
export interface Arrival {
  readonly files: readonly DataFile[];
  readonly problems: readonly string[];
}

/** A file as messages carry it. */
export interface DataFileMessage {
  readonly id: string;
  readonly path_id: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The wire form of a file. */
export const dataFileMessage = ({ id, pathId, bytes, sha256 }: DataFile): DataFileMessage => ({ id, path_id: pathId, bytes, sha256 });

/** Reads a `dataArrived` message, one file or a list, from anybody; what is malformed becomes a problem, never an error. */
export const readArrival = (payload: unknown): Arrival => {
  const files: DataFile[] = [];
  const problems: string[] = [];
  for (const item of Array.isArray(payload) ? payload : [payload]) {
    const file = readFile(item);
    if (typeof file === 'string') problems.push(file);
    else files.push(file);
  }
  return { files, problems };
};

/** Whether text is a relative path that cannot leave the folder that it is relative to. */
export const isPathId = (text: string): boolean =>
  text.length > 0 &&
  text.length <= 500 &&
  isStorableText(text) &&
  !/[\\:]/.test(text) &&
  text.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

const readFile = (item: unknown): DataFile | string => {
  const { id, path_id: pathId, bytes, sha256 } = fieldsOf(item);
  if (typeof id !== 'string' || id === '' || id.length > 200 || !isStorableText(id))
    return `id is ${shown(id)}: expected text of 1 to 200 characters`;
  if (typeof pathId !== 'string' || !isPathId(pathId))
    return `path_id of ${id} is ${shown(pathId)}: expected a path inside the watched folder`;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0)
    return `bytes of ${id} is ${shown(bytes)}: expected a whole number`;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    return `sha256 of ${id} is ${shown(sha256)}: expected 64 lower-case hex digits`;
  return { id, pathId, bytes, sha256 };
};

const fieldsOf = (item: unknown): Readonly<Record<string, unknown>> => (typeof item === 'object' && item !== null ? { ...item } : {});

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 80));
