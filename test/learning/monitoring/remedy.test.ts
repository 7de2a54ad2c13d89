import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { remedyFor } from '../../../src/learning/monitoring/remedy.js';
import { tagged } from '../../../src/learning/monitoring/tags.js';

describe('remedyFor', () => {
  it('goes back three times with half the rate each time, and then gives up', () => {
    assert.deepEqual([0, 1, 2, 3].map((rollbacks) => remedyFor(rollbacks)), [
      { kind: 'rollBack', rollbacks: 1, rateShare: 0.5 },
      { kind: 'rollBack', rollbacks: 2, rateShare: 0.25 },
      { kind: 'rollBack', rollbacks: 3, rateShare: 0.125 },
      { kind: 'giveUp' },
    ]); // prettier-ignore
  });
});

describe('tagged', () => {
  it('names figures as Stable-Baselines3 does and leaves out what is unknown or not there', () => {
    assert.deepEqual(tagged({ loss: 1, epsilon: 0.5, winRate: null, other: 3 }), { 'train/loss': 1, 'rollout/exploration_rate': 0.5 });
  });
});

describe('examples/watch-training', () => {
  it('imports ratchet/monitoring as another project would, finds its own mistake, goes back and ends with the line', async () => {
    const example = fileURLToPath(new URL('../../../examples/watch-training.js', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [example]);
    assert.match(stdout, /^3\d\d: (divergence|explosion), .* back to the last good weights with half the rate$/m);
    assert.match(stdout, /^y = 3\.00 x \+ 0\.[45]\d after 1 rollbacks\n$/m);
  });
});
