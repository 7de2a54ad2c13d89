import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { loadCheckpoint } from '../../src/learning/checkpoint/load-checkpoint.js';
import { createRandom } from '../../src/learning/random.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const program = fileURLToPath(new URL('./programs/write-checkpoints.js', import.meta.url));

describe('a checkpoint writer killed at any moment', () => {
  const temporary = temporaryFolder();

  it('leaves a whole checkpoint that is no older than the last one it confirmed', async function () {
    const rounds = process.env.RATCHET_LONG === undefined ? 8 : 200;
    this.timeout(rounds * 5_000);
    const random = createRandom(1, 'kills');
    for (let round = 0; round < rounds; round++) {
      const folder = join(temporary(), String(round));
      await mkdir(folder);
      const child = spawn(process.execPath, [program, folder, '2000000'], { stdio: ['ignore', 'pipe', 'inherit'] });
      const lines = createInterface({ input: child.stdout });
      let confirmed = 0;
      const killAfter = 1 + random.integer(6);
      const delay = random.integer(30);
      lines.on('line', (line) => {
        confirmed = (JSON.parse(line) as { saved: number }).saved;
        if (confirmed === killAfter) setTimeout(() => child.kill('SIGKILL'), delay);
      });
      await once(child, 'close');
      const { checkpoint, quarantined } = await loadCheckpoint(folder, { runId: 'train-TEST-000001', config: 'c', dataset: 'd' });
      assert.deepEqual(quarantined, []);
      assert.ok(checkpoint!.step >= confirmed && checkpoint!.step <= confirmed + 1, `found ${checkpoint!.step}, confirmed ${confirmed}`);
      assert.ok(checkpoint!.files['learner.safetensors']!.every((byte) => byte === checkpoint!.step));
    }
  });
});
