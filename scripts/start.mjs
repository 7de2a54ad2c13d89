/** `npm start`: set-up, then `ratchet start` in this very process, so that signals and exit codes need no forwarding. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup/places.mjs';
import { trySetUp } from './setup/set-up.mjs';

if (await trySetUp()) {
  const main = join(root, 'dist', 'src', 'cli', 'main.js');
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, main, 'start', ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
} else process.exitCode = 1;
