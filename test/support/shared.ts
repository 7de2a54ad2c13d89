import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of market data and expected values beside the repository, or null where there is none; tests that need it then skip, saying so. */
export const sharedFolder = (): string | null => {
  const folder = process.env.RATCHET_SHARED ?? resolve(process.cwd(), '../shared');
  return existsSync(join(folder, 'oracle')) ? folder : null;
};
