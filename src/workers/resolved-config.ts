import type { Environment } from '../config/environment.js';
import { loadConfig } from '../config/load-config.js';
import type { RatchetConfig } from '../config/ratchet.js';

/**
 * The configuration of a service: the file that `RATCHET_CONFIG` names, which the supervisor has resolved and is taken as it stands; without one,
 * the defaults under the environment's settings. Throws `InvalidConfig`.
 */
export const readResolvedConfig = async ({ config: file }: Pick<Environment, 'config'>): Promise<RatchetConfig> => {
  const { config } = await loadConfig(file === null ? { environment: process.env } : { file });
  return config;
};
