import { join } from 'node:path';
import { build } from './build.mjs';
import { withLock } from './lock.mjs';
import { installPackages } from './packages.mjs';
import { cacheFolder, root } from './places.mjs';
import { preparePostgres } from './postgres.mjs';
import { SetupProblem, startStep } from './report.mjs';
import { prepareTemporal } from './temporal.mjs';
import { prepareTensorflow } from './tensorflow.mjs';

const OLDEST_NODE = [20, 19];

/** Brings this clone into a state in which Ratchet runs. Idempotent; may be interrupted at any moment and started again. Throws `SetupProblem`. */
export const setUp = async () => {
  checkNode();
  const cache = cacheFolder();
  const wait = startStep('set-up');
  await withLock(
    join(root, 'dist', '.setup.lock'),
    (pid) => wait.doing(`waiting for process ${pid}, which is setting up this clone`),
    async () => {
      await installPackages(startStep('packages'));
      // The server may have to be compiled for minutes, so the other steps go on beside it.
      const steps = [prepareTemporal(startStep('temporal'), { cache }), others(cache)];
      const failed = (await Promise.allSettled(steps)).filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
      const unexpected = failed.find((reason) => !(reason instanceof SetupProblem));
      if (unexpected) throw unexpected;
      if (failed.length > 0) throw new SetupProblem(failed.map(({ message }) => message).join('\n\n'));
    },
  );
};

const others = async (cache) => {
  await preparePostgres(startStep('postgresql'));
  await prepareTensorflow(startStep('tensorflow'), { cache });
  await build(startStep('build'));
};

const checkNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupProblem(
    `Node ${process.versions.node} is too old: Ratchet needs Node ${OLDEST_NODE.join('.')} or newer. Install one and start again.`,
  );
};

/** Runs set-up; on failure prints one paragraph and returns false. */
export const trySetUp = async () => {
  try {
    await setUp();
    return true;
  } catch (error) {
    const known = error instanceof SetupProblem;
    console.error(`\n✗ Set-up failed. ${known ? error.message : `Something unforeseen happened: ${error.message}`}`);
    return false;
  }
};
