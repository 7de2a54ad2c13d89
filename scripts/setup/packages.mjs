import { join } from 'node:path';
import { fileSize, readJson } from './files.mjs';
import { root } from './places.mjs';
import { SetupProblem } from './report.mjs';
import { npmCommand, run } from './run.mjs';

const TIMEOUT_MS = 900_000;

/** Installs what package-lock.json names, unless just that is installed already. */
export const installPackages = async (step) => {
  const lock = await readJson(join(root, 'package-lock.json'));
  if (lock === null) throw new SetupProblem(`package-lock.json cannot be read in ${root}: the clone is incomplete; fetch it again.`);
  if (!(await isInstalled(lock))) {
    step.doing('installing npm packages (npm ci), because they are missing or differ from package-lock.json');
    const npm = await npmCommand();
    const result = await run(npm.file, [...npm.args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      timeoutMs: TIMEOUT_MS,
    });
    if (!result.ok) {
      throw new SetupProblem(
        `The npm packages could not be installed: "npm ci" failed (${result.reason}). Check the network and the registry ("npm ping"), then start again; nothing else is lost. npm's last words:\n${result.tail}`,
      );
    }
  }
  const installed = await readJson(hiddenLock);
  step.done(`${Object.keys(installed?.packages ?? {}).length} npm packages as package-lock.json names them`);
};

const hiddenLock = join(root, 'node_modules', '.package-lock.json');

/** npm writes its own record last of all, so an interrupted installation has none. */
const isInstalled = async (lock) => {
  const installed = await readJson(hiddenLock);
  if (installed === null) return false;
  for (const [location, wanted] of Object.entries(lock.packages)) {
    if (location === '' || wanted.link || (wanted.optional && installed.packages[location] === undefined)) continue;
    const present = installed.packages[location];
    if (present === undefined || present.version !== wanted.version || present.integrity !== wanted.integrity) return false;
  }
  return (await fileSize(join(root, 'node_modules', 'typescript', 'package.json'))) !== null;
};
