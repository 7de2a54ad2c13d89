/** `npm run doctor`: what is used and whether it is healthy. Works in a clone that was not set up, too. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './setup/places.mjs';

const main = join(root, 'dist', 'src', 'cli', 'main.js');
if (existsSync(main) && existsSync(join(root, 'node_modules', '.package-lock.json'))) {
  process.argv = [process.execPath, main, 'doctor', ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
} else {
  console.error(
    `This clone is not set up (Node ${process.versions.node} is there; packages or the build are not). Run "npm run setup", then "npm run doctor" again.`,
  );
  process.exitCode = 1;
}
