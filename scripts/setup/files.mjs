import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const MARK = '.unfinished-';
const DAY_MS = 86_400_000;

/**
 * Fills a folder whole or not at all: `fill` works in a temporary folder beside it, which takes the name at the end.
 * An interruption leaves only a temporary folder, which a later call removes once it is a day old.
 */
export const fillFolder = async (path, fill) => {
  await mkdir(dirname(path), { recursive: true });
  await removeAbandoned(dirname(path), basename(path));
  const temporary = `${path}${MARK}${randomBytes(6).toString('hex')}`;
  await mkdir(temporary);
  try {
    const result = await fill(temporary);
    await rm(path, { recursive: true, force: true });
    await rename(temporary, path);
    return result;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
};

/** Writes a file whole or not at all. */
export const writeWhole = async (path, text) => {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}${MARK}${randomBytes(6).toString('hex')}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
};

/** The parsed JSON of a file, or null when it is missing or damaged. */
export const readJson = async (path) => {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
};

/** Size of a file in bytes, or null when it is missing. */
export const fileSize = (path) =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  );

const removeAbandoned = async (folder, name) => {
  for (const entry of await readdir(folder)) {
    if (!entry.startsWith(`${name}${MARK}`)) continue;
    const path = join(folder, entry);
    const age = Date.now() - (await stat(path).then(({ mtimeMs }) => mtimeMs, Date.now));
    if (age > DAY_MS) await rm(path, { recursive: true, force: true });
  }
};
