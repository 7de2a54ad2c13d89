import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson } from '../setup/files.mjs';
import { root } from '../setup/places.mjs';

const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const reporter = fileURLToPath(new URL('reporter.cjs', import.meta.url));

/** The lanes share the processors: what TensorFlow's threads would gain they would take from each other. */
const ONE_THREAD = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' };

/**
 * Runs mocha on each list of globs, all at the same time, the first when `before` has resolved; resolves to { passed, failed, skipped } of all. A run
 * that dies before its end counts as one failure. The first run's output is shown as it comes, the others' when they and those before them have ended.
 */
export const runTests = async (lanes, before) => {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const [first = [], ...others] = lanes.filter((globs) => globs.length > 0);
  const later = others.map((globs) => runMocha(globs, false));
  await before;
  for (const run of [runMocha(first, true), ...later]) {
    const { output, ...counts } = await run;
    process.stdout.write(output);
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
  return total;
};

const runMocha = async (globs, isShown) => {
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-tests-'));
  const totals = join(folder, 'totals.json');
  try {
    const args = [mocha, '--reporter', reporter, ...globs];
    const stdio = isShown ? 'inherit' : ['inherit', 'pipe', 'pipe'];
    const child = spawn(process.execPath, args, { cwd: root, env: { ...ONE_THREAD, ...process.env, RATCHET_TEST_TOTALS: totals }, stdio });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
    const [code, signal] = await once(child, 'close');
    const { passes, failures, pending } = (await readJson(totals)) ?? { passes: 0, failures: 0, pending: 0 };
    const died = code !== 0 && failures === 0;
    if (died) console.error(`mocha ended early (${signal ?? `exit code ${code}`})`);
    return { output, passed: passes, failed: failures + (died ? 1 : 0), skipped: pending };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
