import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Registry } from '../../registry/open-registry.js';

/** Deletes this machine's checkpoints of runs that have ended, whatever their outcome: what they taught is in the registry and the artifact store. */
export const discardFinished = async ({ runs }: Pick<Registry, 'runs'>, checkpoints: string, current: string): Promise<void> => {
  for (const name of await readdir(checkpoints).catch(() => [])) {
    if (name === current) continue;
    const run = await runs.get(name);
    if (run !== null && run.finishedAt !== null) await rm(join(checkpoints, name), { recursive: true, force: true });
  }
};
