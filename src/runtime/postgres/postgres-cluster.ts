import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { postgresBinaries, postgresCommand } from './postgres-binaries.js';
import { readStateFile, writeStateFile } from '../state-file.js';

/** The major version of the programs; a cluster of another one cannot be opened by them. */
const MAJOR = '18';
export const ROLE = 'ratchet';

/** A database cluster on disk and how to get in. */
export interface PostgresCluster {
  readonly data: string;
  readonly password: string;
  /** The port of the last time, which is taken again when it is free. */
  readonly port: number;
}

export class ClusterUnusable extends Error {
  override readonly name = 'ClusterUnusable';
}

const access = z.object({ password: z.string().min(1), port: z.number().int() });
const FIRST_PORT = 5_433;

/** Opens the cluster in `folder`, or makes one with a generated password; an interrupted making leaves nothing that counts. Throws `ClusterUnusable`. */
export const openCluster = async (folder: string): Promise<PostgresCluster> => {
  const data = join(folder, 'data');
  const version = await readVersion(data);
  const known = await readStateFile(accessFile(folder), access);
  if (version === null) return createCluster(folder, data);
  if (version !== MAJOR) {
    throw new ClusterUnusable(
      `the database in ${data} is of PostgreSQL ${version}, but the programs here are ${MAJOR}: use the release of Ratchet that made it to export the data, or point DATABASE_URL to a PostgreSQL ${version} that holds it`,
    );
  }
  if (known === null) {
    throw new ClusterUnusable(
      `the password of the database in ${data} is missing: restore ${accessFile(folder)} from a backup, or move ${folder} away to begin with an empty database`,
    );
  }
  return { data, ...known };
};

/** Remembers the port for the next start. */
export const rememberPort = (folder: string, { password }: PostgresCluster, port: number): Promise<void> =>
  writeStateFile(accessFile(folder), { password, port });

const accessFile = (folder: string): string => join(folder, 'access.json');

const readVersion = (data: string): Promise<string | null> =>
  readFile(join(data, 'PG_VERSION'), 'utf8').then(
    (text) => text.trim(),
    () => null,
  );

const createCluster = async (folder: string, data: string): Promise<PostgresCluster> => {
  const cluster = { data, password: randomBytes(24).toString('base64url'), port: FIRST_PORT };
  const unfinished = join(folder, 'unfinished');
  const passwordFile = join(folder, 'unfinished-password');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, cluster.password, { mode: 0o600 });
  try {
    const settings = [
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    const { file, args } = postgresCommand(postgresBinaries().initdb, [
      `--pgdata=${unfinished}`,
      `--username=${ROLE}`,
      '--locale=C',
      ...settings,
    ]);
    await promisify(execFile)(file, args);
  } catch (error) {
    throw new ClusterUnusable(`no database could be made in ${folder}: ${error instanceof Error ? error.message.trim() : String(error)}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await writeStateFile(accessFile(folder), { password: cluster.password, port: cluster.port });
  await rm(data, { recursive: true, force: true });
  await rename(unfinished, data);
  return cluster;
};
