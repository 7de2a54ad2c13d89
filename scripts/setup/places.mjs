import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this clone. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where big downloads and builds are kept for all clones; the same rule as in src/config/environment.ts. */
export const cacheFolder = (variables = process.env, platform = process.platform) => {
  if (variables.RATCHET_CACHE) return resolve(variables.RATCHET_CACHE);
  if (platform === 'win32') return join(variables.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'ratchet');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ratchet');
  return join(variables.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ratchet');
};

/** The folder of an installed package. */
export const packageFolder = (name) => join(root, 'node_modules', ...name.split('/'));
