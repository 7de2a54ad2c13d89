/** `npm run setup`: everything that a fresh clone needs, or nothing when it is there already. */
import { trySetUp } from './setup/set-up.mjs';

process.exitCode = (await trySetUp()) ? 0 : 1;
