import assert from 'node:assert/strict';
import { weightsHash } from '../../src/learning/weights-hash.js';

const tensor = (name: string, shape: number[], ...values: number[]) => ({ name, shape, values: Float32Array.from(values) });
const a = tensor('online/a', [2], 1, 2);
const b = tensor('online/b', [1, 2], 3, 4);
const others = [tensor('target/a', [2], 5, 6), tensor('adam/step', [], 7)];

describe('weightsHash', () => {
  it('depends on the online weights alone, in any order', () => {
    assert.match(weightsHash([a, b]), /^[0-9a-f]{64}$/);
    assert.equal(weightsHash([b, ...others, a]), weightsHash([a, b]));
  });

  it('changes with one bit of a value, with a name and with a shape', () => {
    const changes = [tensor('online/b', [1, 2], 3, 4.0000005), tensor('online/c', [1, 2], 3, 4), tensor('online/b', [2, 1], 3, 4)];
    assert.equal(new Set([b, ...changes].map((other) => weightsHash([a, other]))).size, 4);
  });

  it('refuses a state without online weights', () => {
    assert.throws(() => weightsHash(others), /none of 2 tensors is named online/);
  });
});
