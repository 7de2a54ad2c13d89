import { chmod, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fillFolder } from './files.mjs';
import { withLock } from './lock.mjs';
import { root } from './places.mjs';
import { SetupProblem } from './report.mjs';
import { isExecutable, onPath, run } from './run.mjs';

/** The same release as in src/runtime/temporal/locate-temporal.ts. Newer tags of the module have a `replace` and cannot be installed with Go. */
const VERSION = 'v1.5.1';
const MODULE = `github.com/temporalio/cli/cmd/temporal@${VERSION}`;
const DOWNLOAD_TIMEOUT_MS = 180_000;
const BUILD_TIMEOUT_MS = 1_500_000;
const executable = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** Finds a Temporal server to run, or gets one: PATH, cache, the SDK's download, Go. */
export const prepareTemporal = async (step, { cache }) => {
  if (process.env.TEMPORAL_ADDRESS) return step.done(`external at ${process.env.TEMPORAL_ADDRESS}, by TEMPORAL_ADDRESS`);
  const found = await onPath('temporal');
  if (found) return step.done(`${found}, from PATH`);
  const folder = join(cache, 'temporal', VERSION);
  const path = join(folder, executable);
  if (await isExecutable(path)) return step.done(`${VERSION} from the cache`);
  return withLock(
    `${folder}.lock`,
    (pid) => step.doing(`waiting for process ${pid}, which is fetching the same server`),
    async () => {
      if (await isExecutable(path)) return step.done(`${VERSION} from the cache`);
      step.doing(`downloading the Temporal server ${VERSION}, because none is on PATH or in the cache`);
      const downloaded = await fillFrom(folder, download);
      if (downloaded.ok) return step.done(`${VERSION}, downloaded by Temporal's SDK`);
      step.doing(`building it with Go (some minutes, once for all clones), because it could not be downloaded: ${downloaded.why}`);
      const built = await fillFrom(folder, build);
      if (built.ok) return step.done(`${VERSION}, built with Go`);
      throw new SetupProblem(
        `No Temporal server could be had. Downloading failed: ${downloaded.why} Building with Go failed: ${built.why} Install the Temporal CLI so that "temporal" is on PATH, or install Go 1.24 or newer, or point TEMPORAL_ADDRESS to a running server; then start again.`,
      );
    },
  );
};

/** Fills the folder by one way; { ok: false, why } when that way is closed. */
const fillFrom = async (folder, get) => {
  try {
    await fillFolder(folder, async (temporary) => {
      await get(temporary);
      await chmod(join(temporary, executable), 0o755);
    });
    return { ok: true };
  } catch (error) {
    return { ok: false, why: shortReason(error.message) };
  }
};

/** The last line without the addresses that a network client nests into it. */
const shortReason = (message) => {
  const line = message.trim().split('\n').at(-1);
  return `${line.replace(/^.*error sending request for url \([^)]*\): /, '').replace(/\.$/, '')}.`;
};

/** Temporal's SDK downloads the release for this platform as a side effect of starting a server. */
const download = async (folder) => {
  const script = `
    const { TestWorkflowEnvironment } = require('@temporalio/testing');
    const executable = { type: 'cached-download', version: ${JSON.stringify(VERSION)}, downloadDir: process.argv[1] };
    TestWorkflowEnvironment.createLocal({ server: { executable } }).then((environment) => environment.teardown())
      .catch((error) => { console.error(error.message); process.exitCode = 1; });`;
  const target = join(folder, 'download');
  await mkdir(target);
  const result = await run(process.execPath, ['--input-type=commonjs', '--eval', script, target], {
    cwd: root,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  const [file] = await readdir(target);
  if (!result.ok || file === undefined) throw new Error(result.tail || result.reason);
  await rename(join(target, file), join(folder, executable));
};

const build = async (folder) => {
  if (!(await onPath('go'))) throw new Error('Go is not installed.');
  const env = { GOBIN: folder, CGO_ENABLED: '0' };
  const result = await run('go', ['install', '-trimpath', '-ldflags=-s -w', MODULE], { cwd: folder, env, timeoutMs: BUILD_TIMEOUT_MS });
  if (!result.ok) throw new Error(result.tail || result.reason);
};
