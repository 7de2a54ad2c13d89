import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadCheckpoint } from '../../src/learning/checkpoint/load-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const program = fileURLToPath(new URL('./programs/write-checkpoints.js', import.meta.url));
const can = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

interface Report {
  readonly saved?: number;
  readonly name?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly left?: string[];
}

const run = async (command: string, args: readonly string[]): Promise<Report[]> => {
  const { stdout } = await promisify(execFile)(command, args);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Report);
};

const assertDiskFull = ([first, second]: Report[]): void => {
  assert.equal(first?.saved, 1);
  assert.deepEqual([second?.name, second?.reason], ['CheckpointFailed', 'diskFull']);
  assert.match(second?.message ?? '', /step 2 .* free disk space/);
  assert.equal(second?.left?.length, 1, 'only the first checkpoint is there');
  assert.match(second.left[0] ?? '', /^step-0+1-/);
};

describe('a full disk while checkpointing', () => {
  const temporary = temporaryFolder();

  it('leaves the last good checkpoint alone on a file system without room', async function () {
    const folder = temporary();
    const script = 'mount -t tmpfs -o size=1m tmpfs "$0" && exec "$1" "$2" "$0" 3000000';
    if (!can('unshare', '-Urm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs "$0"', folder)) {
      console.log('      skipped: no unprivileged mounts here');
      this.skip();
    }
    assertDiskFull(await run('unshare', ['-Urm', 'sh', '-c', script, folder, process.execPath, program]));
  });

  it('leaves the last good checkpoint alone when a file may not grow further', async function () {
    if (!can('prlimit', '--version')) {
      console.log('      skipped: no prlimit here');
      this.skip();
    }
    const folder = temporary();
    assertDiskFull(await run('prlimit', ['--fsize=1000000', process.execPath, program, folder, '3000000']));
    const { checkpoint } = await loadCheckpoint(folder, { runId: 'train-TEST-000001', config: 'c', dataset: 'd' });
    assert.equal(checkpoint?.step, 1);
  });
});
