import { join } from 'node:path';
import { z } from 'zod';
import type { Home } from '../home.js';
import { isRunning } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';
import { readStateFile, writeStateFile } from '../state-file.js';
import { adoptDaemon } from './daemon.js';
import { kill } from './stop-process.js';

const processes = z.record(z.string(), z.object({ pid: z.number().int(), startedAt: z.string() }));
const file = (home: Home): string => join(home.runtime, 'services.json');
const GRACE_MS = 15_000;

/** Keeps the note of which processes the services are, for the supervisor after this one. */
export const noteServices = (home: Home): ((name: string, identity: ProcessIdentity) => Promise<void>) => {
  const noted: Record<string, ProcessIdentity> = {};
  let writing = Promise.resolve();
  return (name, identity) => {
    noted[name] = identity;
    return (writing = writing.then(() => writeStateFile(file(home), noted)));
  };
};

/** Services of a killed supervisor stop by themselves; this waits for that, so that two sets never work side by side, and kills what does not stop. */
export const endLeftServices = async (home: Home): Promise<void> => {
  const left = Object.values((await readStateFile(file(home), processes)) ?? {});
  await Promise.all(
    left.map(async (identity) => {
      if (await isRunning(identity)) await adoptDaemon(identity, { ask: (pid) => kill(pid, 'SIGTERM'), graceMs: GRACE_MS }).stop();
    }),
  );
};
