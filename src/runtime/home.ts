import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock, Locked } from './processes/exclusive-lock.js';
import type { ExclusiveLock } from './processes/exclusive-lock.js';

const FOLDERS = ['pg', 'temporal', 'bars', 'artifacts', 'checkpoints', 'logs', 'reports', 'cache', 'runtime', 'demo'] as const;

/** Absolute paths of the state folder and of what lies in it. */
export type Home = Readonly<Record<'root' | (typeof FOLDERS)[number], string>>;

export class HomeNotWritable extends Error {
  override readonly name = 'HomeNotWritable';
  constructor(root: string, reason: string) {
    super(
      `the state folder ${root} cannot be written (${reason}): make it writable for this user, or set RATCHET_HOME to a folder that is`,
    );
  }
}

export class HomeInUse extends Error {
  override readonly name = 'HomeInUse';
  constructor(root: string, pid: number) {
    super(`Ratchet runs already on ${root} (process ${pid}): stop that one first, or set RATCHET_HOME to another folder`);
  }
}

/** The layout under `root`, without touching the disk. */
export const homeAt = (root: string): Home => ({
  root,
  pg: join(root, 'pg'),
  temporal: join(root, 'temporal'),
  bars: join(root, 'bars'),
  artifacts: join(root, 'artifacts'),
  checkpoints: join(root, 'checkpoints'),
  logs: join(root, 'logs'),
  reports: join(root, 'reports'),
  cache: join(root, 'cache'),
  runtime: join(root, 'runtime'),
  demo: join(root, 'demo'),
});

/** Creates the folders, private to this user, and proves that each can be written. Throws `HomeNotWritable`. */
export const prepareHome = async (root: string): Promise<Home> => {
  const home = homeAt(root);
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    for (const name of FOLDERS) {
      await mkdir(home[name], { recursive: true, mode: 0o700 });
      const probe = join(home[name], `.probe-${randomBytes(6).toString('hex')}`);
      await writeFile(probe, '');
      await rm(probe);
    }
  } catch (error) {
    throw new HomeNotWritable(root, error instanceof Error ? error.message : String(error));
  }
  return home;
};

/** A state folder that this process alone supervises. */
export interface ClaimedHome extends Home {
  readonly release: () => Promise<void>;
}

/** Creates the state folder where need be and makes this process its only supervisor. Throws `HomeNotWritable` and `HomeInUse`. */
export const claimHome = async (root: string): Promise<ClaimedHome> => {
  const home = await prepareHome(root);
  const { release } = await lockHome(home);
  return { ...home, release };
};

const lockHome = async (home: Home): Promise<ExclusiveLock> => {
  try {
    return await acquireLock(join(home.runtime, 'supervisor.lock'));
  } catch (error) {
    if (error instanceof Locked) throw new HomeInUse(home.root, error.holder.pid);
    throw error;
  }
};
