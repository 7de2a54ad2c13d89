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

/** Runs mocha on the globs; resolves to { passed, failed, skipped }. A run that dies before its end counts as one failure. */
export const runTests = async (globs) => {
  if (globs.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-tests-'));
  const totals = join(folder, 'totals.json');
  try {
    const args = [mocha, '--reporter', reporter, ...globs];
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, RATCHET_TEST_TOTALS: totals }, stdio: 'inherit' });
    const [code, signal] = await once(child, 'exit');
    const { passes, failures, pending } = (await readJson(totals)) ?? { passes: 0, failures: 0, pending: 0 };
    const died = code !== 0 && failures === 0;
    if (died) console.error(`mocha ended early (${signal ?? `exit code ${code}`})`);
    return { passed: passes, failed: failures + (died ? 1 : 0), skipped: pending };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
