import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/temporary-folder.js';

const child = fileURLToPath(new URL('full-disk-child.js', import.meta.url));

describe('a disk that is full', () => {
  const folder = temporaryFolder();

  it('costs the artifact store the new artifact only, and leaves no part of it', function () {
    const mount = 'mount -t tmpfs -o size=1m tmpfs "$1"';
    if (spawnSync('unshare', ['-Urm', 'sh', '-c', mount, 'sh', folder()]).status !== 0) {
      console.log('skipped: no small disk can be mounted here');
      this.skip();
    }
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['-Urm', 'sh', '-c', `${mount} && "$2" "$3" "$1"`, 'sh', folder(), process.execPath, child],
      {
        encoding: 'utf8',
      },
    );
    assert.notEqual(stdout, '', stderr);
    assert.deepEqual(JSON.parse(stdout), { code: 'ENOSPC', incoming: [], lengths: [200_000, 200_000] });
  });
});
