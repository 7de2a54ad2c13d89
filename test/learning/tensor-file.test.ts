import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeTensors, encodeTensors, TensorFileCorrupt } from '../../src/learning/tensor-file.js';

const tensor = (name: string, shape: number[], ...values: number[]) => ({ name, shape, values: Float32Array.from(values) });
const tensors = [
  tensor('b/weight', [2, 2], 1, -2, 3.5, -0),
  tensor('a', [], Math.PI),
  tensor('empty', [0, 3]),
  tensor('ünïcode', [1], 1e-45),
];

describe('tensor file', () => {
  it('gives back any tensors, in order, with their bits', () => {
    const name = fc.oneof(fc.string(), fc.nat().map(String)).filter((text) => text !== '__proto__');
    const named = fc.record({ name, values: fc.float32Array({ minLength: 1, maxLength: 40 }) });
    const unique = fc.uniqueArray(named, { selector: (tensor) => tensor.name, maxLength: 8 });
    fc.assert(
      fc.property(unique, (list) => {
        const given = list.map(({ name, values }) => ({ name, shape: [values.length], values }));
        assert.deepEqual(decodeTensors(encodeTensors(given)), given);
      }),
    );
  });

  it('is laid out as safetensors says: header length, JSON with byte ranges, values at a multiple of 8', () => {
    const file = encodeTensors(tensors);
    const view = new DataView(file.buffer);
    const length = Number(view.getBigUint64(0, true));
    const header: unknown = JSON.parse(Buffer.from(file.subarray(8, 8 + length)).toString());
    assert.deepEqual(header, {
      'b/weight': { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
      a: { dtype: 'F32', shape: [], data_offsets: [16, 20] },
      empty: { dtype: 'F32', shape: [0, 3], data_offsets: [20, 20] },
      ünïcode: { dtype: 'F32', shape: [1], data_offsets: [20, 24] },
    });
    assert.equal((8 + length) % 8, 0);
    assert.equal(view.getFloat32(8 + length + 8, true), 3.5);
    assert.equal(file.length, 8 + length + 24);
  });

  it('reads from bytes that are not aligned, and shares no memory with them', () => {
    const file = encodeTensors(tensors);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    const read = decodeTensors(shifted.subarray(3));
    shifted.fill(0);
    assert.deepEqual(read, tensors);
  });

  it('refuses a file that is cut, padded, of another type or with gaps', () => {
    const file = encodeTensors(tensors);
    const changed = (from: string, to: string) => Buffer.from(Buffer.from(file).toString('latin1').replace(from, to), 'latin1');
    for (const bad of [
      new Uint8Array(3),
      file.subarray(0, 20),
      file.subarray(0, file.length - 1),
      Uint8Array.of(...file, 0),
      changed('F32', 'F16'),
      changed('[16,20]', '[17,21]'),
      changed('[2,2]', '[2,3]'),
      changed('{"b', '["b'),
    ])
      assert.throws(() => decodeTensors(bad), TensorFileCorrupt);
  });

  it('refuses values that do not fill the shape and names that appear twice', () => {
    assert.throws(() => encodeTensors([tensor('a', [3], 1, 2)]), /a has 2 values: expected shape \[3\]/);
    assert.throws(() => encodeTensors([tensor('a', [1], 1), tensor('a', [1], 2)]), /appears twice/);
  });
});
