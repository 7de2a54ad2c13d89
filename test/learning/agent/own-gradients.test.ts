import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { layerNorm } from '../../../src/learning/agent/own-gradients.js';
import { loadNative } from '../../../src/learning/native.js';
import { createRandom } from '../../../src/learning/random.js';

const EPSILON = 1e-5;

interface Given {
  readonly x: Float64Array;
  readonly gain: Float64Array;
  readonly shift: Float64Array;
}

/** By its definition, in double precision. */
const reference = ({ x, gain, shift }: Given): Float64Array => {
  const width = gain.length;
  return x.map((value, at) => {
    const row = x.subarray(at - (at % width), at - (at % width) + width);
    const mean = row.reduce((sum, each) => sum + each, 0) / width;
    const variance = row.reduce((sum, each) => sum + (each - mean) ** 2, 0) / width;
    return ((value - mean) / Math.sqrt(variance + EPSILON)) * gain[at % width]! + shift[at % width]!;
  });
};

/** Gradients of the sum of upstream · value in every element of every input, by central differences. */
const referenceGradients = (given: Given, upstream: Float64Array): Float64Array[] => {
  const total = (changed: Given): number => reference(changed).reduce((sum, value, i) => sum + upstream[i]! * value, 0);
  return (['x', 'gain', 'shift'] as const).map((name) =>
    given[name].map((value, i) => {
      const h = 1e-6;
      const [above, below] = [value + h, value - h].map((moved) => total({ ...given, [name]: given[name].with(i, moved) }));
      return (above! - below!) / (2 * h);
    }),
  );
};

/** Numbers that float32 holds exactly, so that both sides see the same. */
const normal = (seed: number, length: number): Float64Array => {
  const random = createRandom(seed, 'layer norm');
  return Float64Array.from({ length }, () => Math.fround(random.normal()));
};

const worst = (actual: ArrayLike<number>, expected: Float64Array): number =>
  expected.reduce((most, value, i) => Math.max(most, Math.abs(actual[i]! - value)), 0) /
  expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('layerNorm', () => {
  before(loadNative);

  const rows = 9;
  const cases = [
    { name: 'of seven numbers', width: 7, spread: 1, tolerance: 2e-6 },
    { name: 'of two', width: 2, spread: 1, tolerance: 2e-6 },
    // Of the mean of 1, float32 leaves the 0.003 around it five digits.
    { name: 'of two that are nearly the same', width: 2, spread: 0.003, tolerance: 1e-4 },
  ];
  for (const { name, width, spread, tolerance } of cases)
    it(`normalises rows ${name}, and has the gradients of the definition in double precision`, () => {
      const x = normal(1, rows * width).map((value) => Math.fround(spread === 1 ? value : 1 + spread * value));
      const given = { x, gain: normal(2, width), shift: normal(3, width) };
      const upstream = normal(4, rows * width);
      tf.tidy(() => {
        const inputs = [tf.tensor2d(Float32Array.from(x), [rows, width]), ...[given.gain, given.shift].map((values) => tf.tensor1d(Float32Array.from(values)))]; // prettier-ignore
        const norm = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor): tf.Tensor => layerNorm(a, b, c, EPSILON);
        assert.ok(worst(norm(inputs[0]!, inputs[1]!, inputs[2]!).dataSync(), reference(given)) < tolerance);
        const gradients = tf.grads(norm)(inputs, tf.tensor2d(Float32Array.from(upstream), [rows, width]));
        referenceGradients(given, upstream).forEach((expected, i) => {
          const difference = worst(gradients[i]!.dataSync(), expected);
          assert.ok(difference < tolerance, `the gradient of ${['x', 'gain', 'shift'][i]} is off by ${difference}`);
        });
      });
    });
});
