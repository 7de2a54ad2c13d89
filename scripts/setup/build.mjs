import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, writeWhole } from './files.mjs';
import { root } from './places.mjs';
import { SetupProblem } from './report.mjs';
import { run } from './run.mjs';

const SOURCES = ['src', 'test', 'bench', 'examples'];
const dist = join(root, 'dist');
const stamp = join(dist, '.built.json');

/** Compiles to `dist` when a source changed since the last time, and removes from it what no longer has a source. */
export const build = async (step) => {
  const sources = await listSources();
  const fingerprint = await fingerprintOf(sources);
  if ((await readJson(stamp))?.fingerprint === fingerprint) return step.done(`${sources.length} files, unchanged`);
  step.doing('compiling TypeScript to dist, because sources are newer');
  await rm(stamp, { force: true });
  const compiled = await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', root], { cwd: root });
  if (!compiled.ok) throw new SetupProblem(`The sources do not compile; mend them and start again:\n${compiled.output.trim()}`);
  const removed = await removeOrphans(new Set(sources));
  await bundleWorkflows(step);
  await writeWhole(stamp, JSON.stringify({ fingerprint }));
  step.done(`${sources.length} files${removed > 0 ? `, ${removed} outputs of deleted ones removed` : ''}`);
};

/** Workers start from a ready bundle; without one each would make its own, for seconds. */
const bundleWorkflows = async (step) => {
  step.doing('bundling the workflows for their sandbox, so that workers start at once');
  const bundled = await run(process.execPath, [join(dist, 'src', 'workers', 'build-bundle.js')], { cwd: root });
  if (!bundled.ok) throw new SetupProblem(`The workflows could not be bundled (${bundled.reason}):\n${bundled.tail}`);
};

/** Source paths relative to the root, without extension, with `/`. */
const listSources = async () => {
  const found = [];
  for (const folder of SOURCES) {
    for (const path of await listFiles(folder))
      if (path.endsWith('.ts') && !path.endsWith('.d.ts')) found.push(path.slice(0, -'.ts'.length));
  }
  return found.sort();
};

const listFiles = async (folder) => {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(root.length)
        .replaceAll('\\', '/'),
    );
};

/** Changes with any source's content time or size, the compiler's settings and the packages. */
const fingerprintOf = async (sources) => {
  const hash = createHash('sha256');
  for (const path of [...sources.map((source) => `${source}.ts`), 'tsconfig.json', 'package-lock.json']) {
    const { mtimeMs, size } = await stat(join(root, path));
    hash.update(`${path} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
};

/** Without this, the tests of a deleted file would go on running. */
const removeOrphans = async (sources) => {
  let removed = 0;
  for (const path of await listFiles('dist')) {
    const match = /^dist\/(.+)\.js(\.map)?$/.exec(path);
    if (match === null || sources.has(match[1]) || !SOURCES.includes(match[1].split('/')[0])) continue;
    await rm(join(root, path));
    removed += path.endsWith('.js') ? 1 : 0;
  }
  return removed;
};
