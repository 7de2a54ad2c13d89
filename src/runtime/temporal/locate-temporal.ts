import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The release of the Temporal command line, with the development server in it, that set-up installs. */
export const TEMPORAL_CLI_VERSION = 'v1.5.1';

export interface TemporalExecutable {
  readonly path: string;
  readonly origin: 'PATH' | 'cache';
}

export class TemporalNotFound extends Error {
  override readonly name = 'TemporalNotFound';
  constructor(searched: string) {
    super(
      `no "temporal" executable was found on PATH or in ${searched}: run "npm run setup", install the Temporal CLI, or point TEMPORAL_ADDRESS to a running server`,
    );
  }
}

/** Where set-up keeps the Temporal executable that it fetched or built. */
export const cachedTemporal = (cache: string): string => join(cache, 'temporal', TEMPORAL_CLI_VERSION, executableName);

/** The Temporal executable to run: on PATH, else in the cache. Throws `TemporalNotFound`. */
export const locateTemporal = async ({ cache, searchPath }: { cache: string; searchPath: string }): Promise<TemporalExecutable> => {
  for (const folder of searchPath.split(delimiter).filter((entry) => entry !== '')) {
    const path = join(folder, executableName);
    if (await isExecutable(path)) return { path, origin: 'PATH' };
  }
  const path = cachedTemporal(cache);
  if (await isExecutable(path)) return { path, origin: 'cache' };
  throw new TemporalNotFound(path);
};

const executableName = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
