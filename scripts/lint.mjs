/** `npm run lint`: format, typed lint and import table, without tests. */
import { checks } from './test/checks.mjs';

for (const [name, check] of Object.entries(checks)) {
  console.log(`· ${name}`);
  if (!(await check())) process.exitCode = 1;
}
