import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { compile } from '../../../src/learning/compiled/compile.js';
import { halfSumOfSquares, relu } from '../../../src/learning/compiled/fused.js';
import type { Program } from '../../../src/learning/compiled/program.js';
import { runEagerly } from '../../../src/learning/compiled/run-eagerly.js';
import { traceProgram } from '../../../src/learning/compiled/trace-program.js';
import { applyAdam } from '../../../src/learning/compiled/updates.js';

const x = { shape: [5], dtype: 'float32' } as const;
const given = { x: Float32Array.of(-2, -1e-30, 0, 1e-30, 3), upstream: Float32Array.of(1, 2, 3, -4, 5) };
const program: Program = {
  constants: {},
  variables: {},
  signatures: {
    run: {
      inputs: { x, upstream: x },
      body: ({ inputs }) => ({
        value: relu(inputs.x!),
        gradient: tf.grad(relu)(inputs.x!, inputs.upstream),
        half: halfSumOfSquares(inputs.x!),
      }),
    },
  },
};

describe('fused kernels', () => {
  for (const [name, start] of [
    ['compiled', compile],
    ['eager', runEagerly],
  ] as const)
    it(`${name}: a ReLU passes on what is above 0 and its gradient, and half the sum of squares is what it says`, async () => {
      const executor = await start(program);
      const { value, gradient, half } = executor.run('run', given);
      executor.dispose();
      assert.deepEqual([...value!], [0, 0, 0, Math.fround(1e-30), 3]);
      assert.deepEqual([...gradient!], [0, 0, 0, -4, 5]);
      assert.equal(half![0], 6.5);
    });

  it('make of a ReLU one node forwards and one backwards', () => {
    const kinds = traceProgram(program).nodes.map(({ op }) => op);
    assert.equal(kinds.filter((op) => op === 'ReluGrad').length, 1);
    assert.ok(!kinds.includes('Greater') && !kinds.includes('Square'), kinds.join());
  });
});

describe('traceProgram', () => {
  it('reads no variable whose value nothing takes: neither moment of Adam, before or after its update', () => {
    const { nodes } = traceProgram({
      constants: {},
      variables: { parameter: [5], m: [5], v: [5] },
      signatures: {
        update: {
          inputs: { gradient: x },
          body: ({ variables: { parameter, m, v }, inputs }) => {
            applyAdam({ parameter: parameter!, m: m!, v: v! }, inputs.gradient!, tf.scalar(0.1), {
              beta1: 0.9,
              beta2: 0.999,
              epsilon: 1e-8,
            });
            return { parameter: tf.clone(parameter!) };
          },
        },
      },
    });
    const reads = nodes.filter(({ op, name }) => op === 'ReadVariableOp' && name.startsWith('update/')).map(({ input }) => input[0]);
    assert.deepEqual(reads, ['variable/parameter']);
    const names = new Set(nodes.map(({ name }) => name));
    for (const { name, input } of nodes)
      for (const reference of input) assert.ok(names.has(reference.replace(/^\^|:\d+$/g, '')), `${name} needs ${reference}, which is gone`);
  });
});
