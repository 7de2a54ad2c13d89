import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { reportFiles } from '../../client/report-files.js';
import type { RatchetConfig } from '../../config/ratchet.js';
import type { FinishedFile } from '../../domain/market/ingest.js';
import type { Logger } from '../../domain/ports.js';
import type { WatchState } from '../../domain/market/watch-state.js';
import { acceptFile } from '../../market/formats/accept-file.js';
import { watchFolder } from '../../market/watcher.js';
import type { LearnerSettings } from '../../domain/learner/settings.js';
import type { Registry } from '../../registry/open-registry.js';

export interface WatchExportsOptions {
  readonly config: RatchetConfig;
  /** Of learners that a first file starts. */
  readonly settings: LearnerSettings;
  /** Ids of all configured instruments. */
  readonly instruments: readonly string[];
  readonly registry: Registry;
  readonly client: Client;
  /** Makes an instrument's schedules what they should be. */
  readonly keepSchedules: (instrument: string) => Promise<void>;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
}

export interface ExportsWatcher {
  readonly state: () => WatchState;
  readonly close: () => Promise<void>;
}

/** Problems that are shown. */
const SHOWN = 20;

/**
 * Watches `watch.path`, if it is set, and reports each finished file to its instrument's learner, unless it was taken in as it is.
 * What is wrong with the folder or a file is logged and shown, and stops nothing.
 */
export const watchExports = async (options: WatchExportsOptions): Promise<ExportsWatcher> => {
  const { config, instruments, logger, stopping } = options;
  const { path, settleSeconds, rescanSeconds, instruments: named } = config.watch;
  const { enabled } = config.autoRetrain;
  if (path === undefined) return { state: () => ({ ...NOTHING_WATCHED, enabled }), close: () => Promise.resolve() };
  const watcher = await watchFolder({
    path,
    settleMs: settleSeconds * 1_000,
    rescanMs: rescanSeconds * 1_000,
    accept: acceptFile(named, instruments),
    onFile: (file) => report(options, file),
    onProblem: ({ kind, message }) => {
      if (!stopping.aborted) logger.warn(message, { kind });
    },
    logger,
  });
  const state = (): WatchState => {
    const { path: watched, state: folder, files, pending, lastChange, problems } = watcher.status();
    return {
      enabled,
      watching: true,
      path: watched,
      readable: folder === 'readable',
      lastChange: lastChange === null ? null : new Date(lastChange).toISOString(),
      files,
      pending,
      problems: problems.slice(-SHOWN).map(({ message }) => message),
    };
  };
  return { state, close: () => watcher.close() };
};

const NOTHING_WATCHED: Omit<WatchState, 'enabled'> = {
  watching: false,
  path: null,
  readable: false,
  lastChange: null,
  files: 0,
  pending: 0,
  problems: ['no folder is watched: set watch.path to the folder that exports are written to'],
};

const report = async (options: WatchExportsOptions, { instrument, pathId, bytes, sha256 }: FinishedFile): Promise<void> => {
  const { settings, registry, client, keepSchedules, logger, stopping } = options;
  const place = await registry.files.at(instrument, pathId);
  if (place === null ? await registry.files.isKnown(instrument, sha256) : place.sha256 === sha256) {
    logger.debug('this content was taken in before', { instrument, pathId, sha256 });
    return;
  }
  const files = [{ id: arrivalId(pathId, sha256, place?.revision ?? 0), pathId, bytes, sha256 }];
  await reportFiles({ client, instrument, settings, files, logger, signal: stopping });
  await keepSchedules(instrument);
};

/** The same content at the same place is the same arrival, also after a restart, until other content has lain there. */
const arrivalId = (pathId: string, sha256: string, revision: number): string =>
  createHash('sha256')
    .update(revision === 0 ? `${sha256} ${pathId}` : `${sha256} ${pathId} ${revision}`)
    .digest('hex')
    .slice(0, 32);
