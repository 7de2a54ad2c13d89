import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { arch, cpus, platform } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { productVersion } from '../config/product-version.js';
import type { MadeWith } from '../domain/model/made-with.js';

/** Folders of the code that decides which bits a training ends with. */
const FOLDERS = ['activities/trainer', 'config', 'domain', 'learning', 'market'] as const;
const CODE = fileURLToPath(new URL('..', import.meta.url));
const LOCK = fileURLToPath(new URL('../../../package-lock.json', import.meta.url));

let known: Promise<MadeWith> | null = null;

/** The code and the machine of this process, read once. */
export const madeWith = (): Promise<MadeWith> => (known ??= describe());

const describe = async (): Promise<MadeWith> => ({
  version: await productVersion(),
  code: await hashOfCode(),
  packages: await readFile(LOCK).then(
    (lock) => createHash('sha256').update(lock).digest('hex'),
    () => null,
  ),
  node: process.version,
  platform: `${platform()}-${arch()}`,
  processor: cpus()[0]?.model ?? 'not known',
});

/** SHA-256 over names and content of the compiled modules, in order of their names. */
const hashOfCode = async (): Promise<string> => {
  const hash = createHash('sha256');
  for (const folder of FOLDERS) {
    const found = await readdir(join(CODE, folder), { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile() && entry.name.endsWith('.js')).map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths.sort())
      hash
        .update(relative(CODE, path).split(sep).join('/'))
        .update('\0')
        .update(await readFile(path))
        .update('\0');
  }
  return hash.digest('hex');
};
