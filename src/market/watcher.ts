import { watch } from 'chokidar';
import type { FSWatcher } from 'chokidar';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { FinishedFile } from '../domain/market/ingest.js';
import type { Clock, Logger } from '../domain/ports.js';
import { createAlarm } from './watch/alarm.js';
import { createFileQueue } from './watch/file-queue.js';
import { scanFolder } from './watch/scan-folder.js';
import type { FolderScan } from './watch/scan-folder.js';
import { createProblemBook } from './watch/watch-problem.js';
import type { WatchProblem } from './watch/watch-problem.js';

export interface WatchOptions {
  /** A folder, watched with its sub-folders, or one file. It need not exist yet. */
  readonly path: string;
  /** A file is finished when it has not changed for this long and its last line is whole. */
  readonly settleMs: number;
  /** Everything is listed anew this often: network shares lose events. */
  readonly rescanMs: number;
  /** The instrument of a file by its name (without folders); null to pass over it in silence; or why it is not used, which is reported. */
  readonly accept: (fileName: string) => string | { readonly unused: string } | null;
  /** Called for each finished content, one at a time; when it fails it is called again, later and later. */
  readonly onFile: (file: FinishedFile) => Promise<void>;
  readonly onProblem: (problem: WatchProblem) => void;
  readonly logger: Logger;
  readonly clock?: Clock;
}

export interface WatchStatus {
  readonly path: string;
  readonly state: FolderScan['state'] | 'starting';
  /** Files that are followed, and how many of them are not yet reported as they are now. */
  readonly files: number;
  readonly pending: number;
  /** When a new or changed file was last seen, epoch ms. */
  readonly lastChange: number | null;
  /** What keeps files from being reported now. */
  readonly problems: readonly WatchProblem[];
}

export interface FolderWatcher {
  close(): Promise<void>;
  status(): WatchStatus;
}

/**
 * Reports every finished file under a folder, those that exist already included, and each again whenever its content has changed.
 * Resolves after the first listing. A folder that is missing or unreadable is a problem told once, and tried again until it is there.
 */
export const watchFolder = async (options: WatchOptions): Promise<FolderWatcher> => {
  const { settleMs, rescanMs, logger, clock = { now: () => Date.now() } } = options;
  const root = resolve(options.path);
  const problems = createProblemBook(options.onProblem);
  const queue = createFileQueue({ settleMs, onFile: options.onFile, problems, logger, clock });
  const alarm = createAlarm();
  let state: WatchStatus['state'] = 'starting';
  let events: { readonly watcher: FSWatcher; readonly inode: number; isReady: boolean } | null = null;
  let unreadable: readonly string[] = [];
  let closed = false;

  const touch = (path: string): void => {
    const name = basename(path);
    const accepted = options.accept(name);
    if (typeof accepted === 'string')
      queue.touch({ pathId: path === root ? name : relative(root, path).split(sep).join('/'), path }, accepted);
    else if (accepted !== null) problems.report({ kind: 'file-unused', path, message: `${path} is not used: ${accepted.unused}` });
  };

  const stopEvents = async (): Promise<void> => {
    await events?.watcher.close();
    events = null;
  };

  const startEvents = (inode: number): void => {
    const watcher = watch(root, { ignoreInitial: true, followSymlinks: false });
    const opened = { watcher, inode, isReady: false };
    events = opened;
    // The raw events, too: a file that another is renamed over is not always announced as changed.
    watcher.on('add', touch).on('change', touch);
    watcher.on('raw', (_, name, details) => {
      if (name === basename(root)) alarm.ring(); // the folder itself is gone, which is not always announced as such
      for (const path of rawPaths(name, details)) touch(path);
    });
    watcher.on('unlinkDir', (path) => {
      if (path === root) alarm.ring();
    });
    watcher.on('error', (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${root}: changes are not announced (${reason}); it is listed every ${rescanMs / 1_000} s instead`;
      problems.report({ kind: 'events-unavailable', path: root, message });
    });
    // Lists once more for what came before the first event. Until then it is listed often, for this never comes when the folder goes away meanwhile.
    watcher.once('ready', () => {
      opened.isReady = true;
      alarm.ring();
    });
  };

  const rescan = async (): Promise<void> => {
    const scan = await scanFolder(root);
    if (events !== null && events.inode !== scan.inode) await stopEvents();
    if (scan.state === 'readable' && events === null) startEvents(scan.inode);
    tellState(scan);
    const present = new Set(scan.files.map(({ path }) => path));
    for (const { kind, path } of problems.open()) if (kind === 'file-unused' && !present.has(path)) problems.solved(kind, path);
    for (const path of present) touch(path);
  };

  const tellState = (scan: FolderScan): void => {
    if (scan.state !== 'missing' && problems.solved('folder-missing', root)) logger.info(`Watched folder is there now: ${root}`);
    if (scan.state === 'missing') {
      const message = `${root} does not exist: create it, or set watch.path to the folder that exports are written to; it is looked for again until it is there`;
      problems.report({ kind: 'folder-missing', path: root, message });
    }
    for (const path of unreadable) if (!scan.unreadable.some((folder) => folder.path === path)) problems.solved('folder-unreadable', path);
    unreadable = scan.unreadable.map(({ path }) => path);
    for (const { path, code } of scan.unreadable) {
      const message = `${path} cannot be read (${code}): give this user the right to read it; it is tried again until it works`;
      problems.report({ kind: 'folder-unreadable', path, message });
    }
    if (scan.state === 'readable' && state !== 'readable') logger.info(`Auto-retrain monitoring started on: ${root}`);
    state = scan.state;
  };

  const keepScanning = async (): Promise<void> => {
    while (!isClosed()) {
      const isTold = state === 'readable' && events?.isReady === true;
      await alarm.wait(isTold ? rescanMs : Math.min(rescanMs, settleMs));
      if (!isClosed()) await rescan();
    }
  };
  const isClosed = (): boolean => closed;

  await rescan();
  const scanning = keepScanning();
  return {
    status: () => ({ path: root, state, ...queue.counts(), problems: problems.open() }),
    async close() {
      closed = true;
      alarm.ring();
      await scanning;
      await stopEvents();
      await queue.close();
    },
  };
};

/** What a raw event may be about: the entry of a watched folder, or the watched file itself. */
const rawPaths = (name: unknown, details: unknown): string[] => {
  const watched = typeof details === 'object' && details !== null && 'watchedPath' in details ? details.watchedPath : null;
  if (typeof watched !== 'string') return [];
  return typeof name === 'string' ? [watched, join(watched, name)] : [watched];
};
