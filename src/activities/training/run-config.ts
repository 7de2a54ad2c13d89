import { ratchetConfig, type RatchetConfig } from '../../config/ratchet.js';
import { NotRegistered } from '../../registry/errors.js';
import type { Registry } from '../../registry/open-registry.js';

/** The configuration that a run began with, which all of its steps use. Throws `NotRegistered`. */
export const configOfRun = async ({ runs }: Pick<Registry, 'runs'>, runId: string): Promise<RatchetConfig> => {
  const run = await runs.get(runId);
  if (run === null) throw new NotRegistered('run', runId, 'begin it first');
  return ratchetConfig.parse(run.config);
};
