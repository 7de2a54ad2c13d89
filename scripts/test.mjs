/**
 * `npm test`: set-up, checks, all tests, where the checks run beside those tests that mostly wait. `node scripts/test.mjs unit faults` runs set-up and the tests of those tiers only.
 * The last line is always `N passed, N failed`, with `, N skipped` when there are some; each check counts as one.
 */
import { trySetUp } from './setup/set-up.mjs';
import { runChecks } from './test/checks.mjs';
import { runTests } from './test/mocha.mjs';
import { tierLanes, TIERS } from './test/tiers.mjs';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((tier) => !(tier in TIERS));
const total = { passed: 0, failed: 0, skipped: 0 };

if (unknown.length > 0) {
  console.error(`there is no tier ${unknown.join(', ')}: expected ${Object.keys(TIERS).join(', ')}`);
  total.failed += 1;
} else if (await trySetUp()) {
  const isWhole = wanted.length === 0;
  const checked = isWhole ? runChecks() : { passed: 0, failed: 0 };
  const tests = await runTests(await tierLanes(isWhole ? Object.keys(TIERS) : wanted), checked);
  total.skipped = tests.skipped;
  for (const key of ['passed', 'failed']) total[key] = tests[key] + (await checked)[key];
} else total.failed += 1;

process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
