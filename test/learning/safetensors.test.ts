import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readSafetensors, readTensors, writeSafetensors, type NamedArray } from '../../src/learning/safetensors.js';

const arrays: readonly NamedArray[] = [
  { name: 'b', shape: [2, 2], values: Float32Array.of(1.5, -2, NaN, Infinity) },
  { name: 'a', shape: [3], values: Uint8Array.of(1, 2, 255) },
  { name: 'c', shape: [], values: Float64Array.of(Math.PI) },
  { name: 'd', shape: [0], values: new Int32Array(0) },
  { name: 'è', shape: [2], values: Int32Array.of(-1, 2 ** 31 - 1) },
];
const byName = (list: readonly NamedArray[]): NamedArray[] => [...list].sort((x, y) => (x.name < y.name ? -1 : 1));

describe('safetensors', () => {
  it('gives back every array of every type, bit by bit', () => {
    assert.deepEqual(byName(readSafetensors(writeSafetensors(arrays))), byName(arrays));
  });

  it('gives tensors back only of a file that holds 32-bit floats alone', () => {
    const floats = arrays.filter(({ values }) => values instanceof Float32Array);
    assert.deepEqual(readTensors(writeSafetensors(floats)), floats);
    assert.throws(() => readTensors(writeSafetensors(arrays)), { name: 'TensorFileInvalid', message: /not of 32-bit floats/ });
  });

  it('does not depend on where the bytes lie in memory', () => {
    const file = writeSafetensors(arrays);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    assert.deepEqual(byName(readSafetensors(shifted.subarray(3))), byName(arrays));
    assert.deepEqual(byName(readSafetensors(Buffer.from(file))), byName(arrays));
  });

  it('starts with the length of a JSON header whose data is aligned, as the format says', () => {
    const file = writeSafetensors(arrays);
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const head = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
      string,
      { dtype: string; data_offsets: [number, number] }
    >;
    assert.equal(length % 8, 0);
    assert.deepEqual(head.c, { dtype: 'F64', shape: [], data_offsets: [0, 8] });
    assert.equal(new DataView(file.buffer).getFloat64(8 + length, true), Math.PI);
  });

  it('either refuses damaged bytes with TensorFileInvalid or still reads arrays of the described sizes', () => {
    const file = writeSafetensors(arrays);
    const refused = (bytes: Uint8Array): boolean => {
      try {
        for (const { shape, values } of readSafetensors(bytes))
          assert.equal(
            shape.reduce((a, b) => a * b, 1),
            values.length,
          );
        return false;
      } catch (error) {
        assert.ok(error instanceof Error && error.name === 'TensorFileInvalid', String(error));
        return true;
      }
    };
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = file.slice();
        changed[at]! ^= flip;
        refused(changed);
        assert.ok(refused(file.subarray(0, at)) || at === 0 || at > 8, 'a file cut short');
      }),
    );
    for (const cut of [0, 4, 8, 100, file.length - 1]) assert.ok(refused(file.subarray(0, cut)), `cut at ${cut}`);
  });
});
