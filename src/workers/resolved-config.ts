import type { Environment } from '../config/environment.js';
import { loadConfig } from '../config/load-config.js';
import type { RatchetConfig } from '../config/ratchet.js';

/**
 * The configuration of a service: defaults < the file that `RATCHET_CONFIG` names < the environment's settings. A supervisor has resolved the file and
 * hands on no settings beside it. Throws `InvalidConfig`.
 */
export const readResolvedConfig = async ({ config: file }: Pick<Environment, 'config'>): Promise<RatchetConfig> => {
  const { config } = await loadConfig({ ...(file === null ? {} : { file }), environment: process.env });
  return config;
};
