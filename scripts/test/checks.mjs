import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/places.mjs';
import { run } from '../setup/run.mjs';

const script = (...path) => join(root, 'node_modules', ...path);

/** Runs a tool's script with its output shown; true when it succeeds. */
const passes = async (...args) => {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  return code === 0;
};

/** dependency-cruiser is content with no modules at all, so their number is part of the check. */
const architecture = async () => {
  const sources = (await readdir(join(root, 'src'), { recursive: true })).filter((name) => name.endsWith('.ts')).length;
  const result = await run(
    process.execPath,
    [script('dependency-cruiser', 'bin', 'dependency-cruise.mjs'), 'src', '--config', '.dependency-cruiser.mjs', '--output-type', 'json'],
    { cwd: root },
  );
  let summary;
  try {
    ({ summary } = JSON.parse(result.output.slice(result.output.indexOf('{'))));
  } catch {
    console.error(`dependency-cruiser gave no report (${result.reason}):\n${result.tail}`);
    return false;
  }
  const broken = summary.violations.filter(({ rule }) => rule.severity === 'error');
  for (const { rule, from, to } of broken) console.error(`  ${rule.name}: ${from} → ${to}`);
  if (summary.totalCruised < sources) console.error(`  only ${summary.totalCruised} modules were looked at, but src has ${sources}`);
  else console.log(`  ${summary.totalCruised} modules, ${broken.length} violations of the import table`);
  return broken.length === 0 && summary.totalCruised >= sources;
};

/** Types are checked by the build in set-up. */
const checks = {
  prettier: () => passes(script('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'),
  // Types of the whole project live long: fewer, larger collections of what is young save an eighth of the time.
  eslint: () => passes('--max-semi-space-size=128', script('eslint', 'bin', 'eslint.js'), '.'),
  architecture,
};

/** Runs all checks, one after another; resolves to { passed, failed }. */
export const runChecks = async () => {
  const total = { passed: 0, failed: 0 };
  for (const [name, check] of Object.entries(checks)) {
    console.log(`\n· ${name}`);
    if (await check()) total.passed += 1;
    else total.failed += 1;
  }
  return total;
};
