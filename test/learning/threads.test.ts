import assert from 'node:assert/strict';
import { threadsOf } from '../../src/learning/threads.js';

describe('threadsOf', () => {
  for (const [processors, within, between] of [
    [1, '1', '1'],
    [2, '1', '2'],
    [3, '1', '3'],
    [16, '8', '16'],
  ] as const)
    it(`gives ${processors} processors ${within} threads within an operation and ${between} between them`, () => {
      assert.deepEqual(threadsOf(processors), { TF_NUM_INTRAOP_THREADS: within, TF_NUM_INTEROP_THREADS: between });
    });
});
