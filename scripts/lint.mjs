/** `npm run lint`: format, typed lint and import table, without tests. */
import { runChecks } from './test/checks.mjs';

process.exitCode = (await runChecks()).failed === 0 ? 0 : 1;
