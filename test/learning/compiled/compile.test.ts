import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../../src/learning/compiled/compile.js';
import { StateMismatch, type Program, type Signature, type TensorSpec } from '../../../src/learning/compiled/program.js';
import { moveTowards } from '../../../src/learning/compiled/updates.js';
import { runEagerly } from '../../../src/learning/compiled/run-eagerly.js';
import { CannotCompile, TRACE_BACKEND } from '../../../src/learning/compiled/trace-backend.js';
import { loadNative } from '../../../src/learning/native.js';
import { traceProgram } from '../../../src/learning/compiled/trace-program.js';

const vector = { x: { shape: [3], dtype: 'float32' } } as const;
const of = (body: Signature['body'], inputs: Signature['inputs'] = vector): Program => ({
  constants: {},
  variables: {},
  signatures: { run: { inputs, body } },
});

describe('compile', () => {
  it('shares variables between signatures and keeps them between calls', async () => {
    const executor = await compile({
      constants: { scale: { shape: [2], values: Float32Array.of(10, 100) } },
      variables: { total: [2] },
      signatures: {
        add: {
          inputs: { x: { shape: [2], dtype: 'float32' } },
          body: ({ variables, inputs }) => {
            variables.total!.assign(tf.add(variables.total!, inputs.x!));
            return { total: variables.total! };
          },
        },
        scaled: { inputs: {}, body: ({ variables, constants }) => ({ value: tf.mul(variables.total!, constants.scale!) }) },
      },
    });
    assert.deepEqual(executor.run('add', { x: Float32Array.of(1, 2) }).total, Float32Array.of(1, 2));
    assert.deepEqual(executor.run('add', { x: Float32Array.of(1, 2) }).total, Float32Array.of(2, 4));
    assert.deepEqual(executor.run('scaled', {}).value, Float32Array.of(20, 400));
    executor.write([{ name: 'total', shape: [2], values: Float32Array.of(-1, 0.5) }]);
    assert.deepEqual(executor.run('scaled', {}).value, Float32Array.of(-10, 50));
    assert.deepEqual(executor.read(), [{ name: 'total', shape: [2], values: Float32Array.of(-1, 0.5) }]);
    executor.dispose();
  });

  it('reads every variable before it writes any, so two variables can change places a hundred times', async () => {
    const size = 4_096;
    const executor = await compile({
      constants: {},
      variables: { a: [size], b: [size] },
      signatures: {
        swap: {
          inputs: {},
          body: ({ variables: { a, b } }) => {
            const first = tf.clone(a!);
            a!.assign(tf.clone(b!));
            b!.assign(first);
            return { sum: tf.sum(tf.add(a!, b!)) };
          },
        },
      },
    });
    const state = ['a', 'b'].map((name, i) => ({ name, shape: [size], values: new Float32Array(size).fill(i + 1) }));
    executor.write(state);
    for (let i = 0; i < 101; i++) assert.equal(executor.run('swap', {}).sum![0], 3 * size);
    assert.deepEqual(
      executor.read().map(({ values }) => [...new Set(values)]),
      [[2], [1]],
    );
    executor.dispose();
  });

  it('gives many inputs of both types to where they belong, and many outputs their names, in calls that leave each other alone', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const executor = await compile({
      constants: {},
      variables: { kept: [2] },
      signatures: {
        mixed: {
          inputs: Object.fromEntries(
            names.flatMap((name, i): [string, TensorSpec][] => [
              [`${name}/i`, { shape: [i + 1], dtype: 'int32' }],
              [name, { shape: [2, i], dtype: 'float32' }],
            ]),
          ),
          body: ({ variables, inputs }) => {
            variables.kept!.assign(tf.reshape(inputs.b!, [2]));
            return Object.fromEntries(names.map((name) => [name, tf.add(tf.sum(inputs[name]!), tf.cast(inputs[`${name}/i`]!, 'float32'))]));
          },
        },
      },
    });
    const run = (from: number) =>
      executor.run('mixed', {
        ...Object.fromEntries(names.map((name, i) => [`${name}/i`, Int32Array.from({ length: i + 1 }, (_, n) => from + 10 * i + n)])),
        ...Object.fromEntries(names.map((name, i) => [name, new Float32Array(2 * i).fill(from + i)])),
      });
    const expected = (from: number) =>
      Object.fromEntries(
        names.map((name, i) => [name, Float32Array.from({ length: i + 1 }, (_, n) => from + 10 * i + n + 2 * i * (from + i))]),
      );
    const first = run(100);
    assert.deepEqual(run(-7), expected(-7));
    assert.deepEqual(first, expected(100));
    assert.deepEqual(executor.read(), [{ name: 'kept', shape: [2], values: Float32Array.of(-6, -6) }]);
    executor.dispose();
  });

  it('keeps the variables of two programs apart, also under the same names', async () => {
    const program: Program = {
      constants: {},
      variables: { a: [1] },
      signatures: { get: { inputs: {}, body: ({ variables }) => ({ a: tf.clone(variables.a!) }) } },
    };
    const [first, second] = [await compile(program), await compile(program)];
    first.write([{ name: 'a', shape: [1], values: Float32Array.of(1) }]);
    second.write([{ name: 'a', shape: [1], values: Float32Array.of(2) }]);
    assert.deepEqual([first.run('get', {}).a![0], second.run('get', {}).a![0]], [1, 2]);
    first.dispose();
    assert.equal(second.run('get', {}).a![0], 2);
    second.dispose();
  });

  it('adds up more than two tensors in the order in which they are made, whatever they are called', async () => {
    const shape = { shape: [1], dtype: 'float32' } as const;
    const program = of(({ inputs: { x, y, z } }) => ({ sum: tf.add(tf.add(tf.sqrt(x!), tf.mul(y!, x!)), tf.abs(z!)) }), {
      x: shape,
      y: shape,
      z: shape,
    });
    // 3 is lost beside 1e8 unless that is gone before.
    const given = { x: Float32Array.of(1e16), y: Float32Array.of(-1e-8), z: Float32Array.of(-3) };
    for (const executor of [await compile(program), runEagerly(program)]) {
      assert.deepEqual(executor.run('run', given).sum, Float32Array.of(3));
      executor.dispose();
    }
  });

  it('lays out products around an update of a variable that a later sum reads', async () => {
    const shape = { shape: [2, 2], dtype: 'float32' } as const;
    const body: Signature['body'] = ({ inputs: { x, y }, variables: { b } }) => {
      const first = tf.matMul(x!, y!);
      const second = tf.matMul(y!, y!);
      moveTowards(b!, tf.matMul(y!, x!), 0.5);
      return { sum: tf.relu(tf.add(first, b!)), second };
    };
    const program: Program = { constants: {}, variables: { b: [2, 2] }, signatures: { run: { inputs: { x: shape, y: shape }, body } } };
    const given = { x: Float32Array.of(1, 2, 3, 4), y: Float32Array.of(2, 0, 1, 5) };
    const [compiled, eager] = [await compile(program, 2), runEagerly(program)];
    assert.deepEqual(compiled.run('run', given), eager.run('run', given));
    for (const executor of [compiled, eager]) executor.dispose();
  });

  it('multiplies matrices in bfloat16 where a signature asks for it, and does all else in float32', async () => {
    const body: Signature['body'] = ({ inputs }) => {
      const column = tf.reshape(inputs.x!, [3, 1]);
      return { products: tf.matMul(column, tf.ones([1, 1])), sums: tf.add(column, 1) };
    };
    const values = Float32Array.of(1 + 2 ** -10, -3, 0.5 + 2 ** -12); // the smallest parts are beyond the eight bits of bfloat16
    for (const [products, expected] of [
      ['bfloat16', Float32Array.of(1, -3, 0.5)],
      ['float32', values],
    ] as const) {
      const executor = await compile({ constants: {}, variables: {}, signatures: { run: { inputs: vector, products, body } } });
      const result = executor.run('run', { x: values });
      assert.deepEqual(result.products, expected);
      assert.deepEqual(
        result.sums,
        values.map((value) => value + 1),
      );
      executor.dispose();
    }
  });

  it('refuses a kernel that is not in the table, by name', () => {
    assert.throws(() => traceProgram(of(({ inputs }) => ({ y: tf.sin(inputs.x!) }))), { name: 'CannotCompile', message: /^kernel Sin: / });
  });

  it('refuses an attribute that its kernel does not know, by name', () => {
    const body: Signature['body'] = ({ inputs }) => ({ y: tf.engine().runKernel<tf.Tensor>('Relu', { x: inputs.x! }, { slope: 0.1 }) });
    assert.throws(() => traceProgram(of(body)), { name: 'CannotCompile', message: /^kernel Relu: attribute slope = 0\.1 is not known/ });
  });

  it('refuses a value of an attribute that the graph would not honour', () => {
    const matrix = { x: { shape: [2, 2], dtype: 'float32' }, i: { shape: [2, 2], dtype: 'int32' } } as const;
    const body: Signature['body'] = ({ inputs }) => ({ y: tf.gather(inputs.x!, inputs.i!.flatten().reshape([2, 2]), 1, 1) });
    assert.throws(() => traceProgram(of(body, matrix)), { name: 'CannotCompile', message: /^kernel GatherV2: attribute batchDims/ });
    const words: Signature['body'] = ({ inputs }) => ({ y: tf.engine().runKernel<tf.Tensor>('Step', { x: inputs.x! }, { alpha: 'much' }) });
    assert.throws(() => traceProgram(of(words)), { message: /^kernel Step: attribute alpha = "much" is not supported: expected a number/ });
  });

  it('refuses a tensor that was made outside, and leaves it usable', () => {
    const outside = tf.tensor1d([1, 2, 3]);
    assert.throws(() => traceProgram(of(({ inputs }) => ({ y: tf.add(inputs.x!, outside) }))), {
      name: 'CannotCompile',
      message: /made outside/,
    });
    assert.deepEqual([...outside.dataSync()], [1, 2, 3]);
    outside.dispose();
  });

  it('refuses a body that reads a value, restores the backend and keeps no tensor', () => {
    const before = tf.getBackend();
    const tensors = tf.memory().numTensors;
    const body: Signature['body'] = ({ inputs }) => (inputs.x!.dataSync()[0]! > 0 ? { y: inputs.x! } : { y: tf.neg(inputs.x!) });
    assert.throws(() => traceProgram({ ...of(body), variables: { a: [2] } }), CannotCompile);
    assert.notEqual(before, TRACE_BACKEND);
    assert.equal(tf.memory().numTensors, tensors);
    assert.equal(tf.getBackend(), before);
  });

  it('refuses inputs that are missing, too long or of another type', async () => {
    const program = of(({ inputs }) => ({ y: tf.neg(inputs.x!) }));
    for (const executor of [await compile(program), runEagerly(program)]) {
      assert.throws(() => executor.run('run', {}), /input x of run is missing: expected 3 values of float32, shape \[3\]/);
      assert.throws(() => executor.run('run', { x: new Float32Array(4) }), /input x of run is Float32Array of 4/);
      assert.throws(() => executor.run('run', { x: new Int32Array(3) }), /input x of run is Int32Array of 3/);
      assert.throws(() => executor.run('walk', {}), /signature walk does not exist: expected one of run/);
      executor.dispose();
    }
  });

  it('refuses a state with a name or shape of its own', async () => {
    const executor = await compile({ constants: {}, variables: { a: [2] }, signatures: {} });
    const values = new Float32Array(2);
    assert.throws(() => executor.write([]), StateMismatch);
    assert.throws(() => executor.write([{ name: 'a', shape: [1, 2], values }]), StateMismatch);
    assert.throws(
      () =>
        executor.write([
          { name: 'a', shape: [2], values },
          { name: 'b', shape: [2], values },
        ]),
      StateMismatch,
    );
    executor.dispose();
  });

  it('leaves no folder, session or tensor behind', async () => {
    await loadNative();
    const { node } = await import('@tensorflow/tfjs-node'); // not above: loadNative sets the library's log level first
    const before = { temporary: process.env.TMPDIR, tensors: tf.memory().numTensors, models: node.getNumOfSavedModels() };
    const folder = await mkdtemp(join(tmpdir(), 'compile-test-'));
    process.env.TMPDIR = folder;
    try {
      const executor = await compile({ ...of(({ inputs }) => ({ y: tf.relu(inputs.x!) })), variables: { a: [2, 2] } });
      assert.deepEqual(await readdir(folder), []);
      executor.run('run', { x: new Float32Array(3) });
      executor.dispose();
    } finally {
      if (before.temporary === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before.temporary;
      await rm(folder, { recursive: true });
    }
    assert.equal(tf.memory().numTensors, before.tensors);
    assert.equal(node.getNumOfSavedModels(), before.models);
  });
});
