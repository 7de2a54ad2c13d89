import assert from 'node:assert/strict';
import { describeMemory, lighterKinds, memoryZone, type MemoryUse } from '../../../src/domain/memory/zones.js';
import type { TransferKind } from '../../../src/domain/transfer/plan.js';

const limits = { warning: 0.65, transfer: 0.8, limit: 0.85 };
const use: MemoryUse = { of: 'gpu', usedBytes: 13 * 2 ** 30, totalBytes: 16 * 2 ** 30 };

describe('memoryZone', () => {
  for (const [share, zone] of [
    [0, 'calm'],
    [0.65, 'calm'],
    [0.651, 'warning'],
    [0.8, 'warning'],
    [0.801, 'light'],
    [0.85, 'light'],
    [0.851, 'lightest'],
    [1, 'lightest'],
  ] as const)
    it(`of ${share} is ${zone}`, () => assert.equal(memoryZone(share, limits), zone));
});

describe('lighterKinds', () => {
  const all: readonly TransferKind[] = ['weights', 'featureImportance', 'horizons', 'distillation'];
  for (const [zone, asked, kinds, left] of [
    ['calm', all, all, []],
    ['warning', all, all, []],
    ['light', all, ['featureImportance', 'horizons'], ['weights', 'distillation']],
    ['light', ['weights'], ['featureImportance'], ['weights']],
    ['light', ['horizons'], ['horizons'], []],
    ['lightest', all, ['horizons'], ['weights', 'featureImportance', 'distillation']],
    ['lightest', ['weights'], ['horizons'], ['weights']],
    ['lightest', ['horizons'], ['horizons'], []],
  ] as const)
    it(`hands on ${kinds.join(', ')} of ${asked.join(', ')} when memory is ${zone}`, () => {
      const { kinds: handed, fallback } = lighterKinds(asked, zone, use);
      assert.deepEqual(handed, kinds);
      assert.equal(fallback, left.length === 0 ? null : `${describeMemory(use)}: ${kinds.join(', ')} without ${left.join(', ')}`);
    });

  it('says of which memory how much is in use', () => {
    assert.equal(describeMemory(use), '81 % of 16.0 GiB of the gpu is in use');
  });
});
