import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { compile } from '../../../src/learning/compiled/compile.js';
import type { Program } from '../../../src/learning/compiled/program.js';
import { runEagerly } from '../../../src/learning/compiled/run-eagerly.js';
import { traceProgram } from '../../../src/learning/compiled/trace-program.js';
import { applyAdam, moveTowards } from '../../../src/learning/compiled/updates.js';

const constants = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const size = 5;
const update: Program = {
  constants: {},
  variables: { parameter: [size], m: [size], v: [size], follower: [size] },
  signatures: {
    update: {
      inputs: { gradient: { shape: [size], dtype: 'float32' }, rate: { shape: [], dtype: 'float32' } },
      body: ({ variables, inputs }) => {
        const { parameter, m, v, follower } = variables;
        applyAdam({ parameter: parameter!, m: m!, v: v! }, inputs.gradient!, inputs.rate!, constants);
        moveTowards(follower!, parameter!, 0.25);
        return { parameter: tf.clone(parameter!) };
      },
    },
  },
};

/** Ten steps in double precision. */
const reference = (gradient: (step: number, i: number) => number, rate: number) =>
  Array.from({ length: size }, (_, i) => {
    const state = { parameter: 1, m: 0, v: 0, follower: 0 };
    for (let step = 0; step < 10; step++) {
      const g = gradient(step, i);
      state.m += (g - state.m) * 0.1;
      state.v += (g * g - state.v) * 0.001;
      state.parameter -= (rate * state.m) / (Math.sqrt(state.v) + 1e-8);
      state.follower += 0.25 * (state.parameter - state.follower);
    }
    return state;
  });

describe('updates in place', () => {
  const gradient = (step: number, i: number) => Math.sin(1 + step * 3.7 + i) * 10 ** (i - 3);
  const expected = reference(gradient, 0.01);

  for (const [name, start] of [
    ['compiled', compile],
    ['eager', runEagerly],
  ] as const)
    it(`follow Adam and the moving average over ten ${name} steps`, async () => {
      const executor = await start(update);
      const zeros = new Float32Array(size);
      executor.write([
        { name: 'parameter', shape: [size], values: new Float32Array(size).fill(1) },
        ...['m', 'v', 'follower'].map((variable) => ({ name: variable, shape: [size], values: zeros })),
      ]);
      for (let step = 0; step < 10; step++) {
        const values = Float32Array.from({ length: size }, (_, i) => gradient(step, i));
        const { parameter } = executor.run('update', { gradient: values, rate: Float32Array.of(0.01) });
        assert.deepEqual(parameter, executor.read()[0]!.values, 'an output taken after the update is the updated value');
      }
      const state = executor.read();
      for (const variable of ['parameter', 'm', 'v', 'follower'] as const)
        state
          .find((tensor) => tensor.name === variable)!
          .values.forEach((value, i) => {
            const wanted = expected[i]![variable];
            assert.ok(Math.abs(value - wanted) <= 1e-4 * Math.abs(wanted) + 1e-12, `${variable}[${i}] is ${value}, not ${wanted}`);
          });
      executor.dispose();
    });

  it('refuse a variable that was assigned before: the update would start from its old value', () => {
    const program: Program = {
      constants: {},
      variables: { a: [1] },
      signatures: {
        run: {
          inputs: { x: { shape: [1], dtype: 'float32' } },
          body: ({ variables: { a }, inputs: { x } }) => {
            a!.assign(tf.add(a!, x!));
            moveTowards(a!, x!, 0.5);
            return { a: a! };
          },
        },
      },
    };
    assert.throws(() => traceProgram(program), {
      name: 'CannotCompile',
      message: /MoveTowards: an update in place needs the present value/,
    });
  });

  it('start from copies: memory that was fed is released by the thread of JavaScript, never by a variable on another', () => {
    const taking: Program = {
      constants: {},
      variables: { itself: [4], view: [2, 2], worked: [4] },
      signatures: {
        take: {
          inputs: { fed: { shape: [4], dtype: 'float32' } },
          body: ({ variables, inputs: { fed } }) => {
            variables.itself!.assign(fed!);
            variables.view!.assign(tf.reshape(fed!, [2, 2]));
            variables.worked!.assign(tf.add(fed!, 1));
            return { sum: tf.sum(fed!) };
          },
        },
      },
    };
    const { nodes } = traceProgram(taking);
    const makers = new Map(nodes.map(({ name, op }) => [name, op]));
    const assigned = nodes.filter(({ op }) => op === 'AssignVariableOp').map(({ input }) => makers.get(input[1]!.replace(/:0$/, '')));
    const [written, taken] = [assigned.filter((op) => op === 'DeepCopy').length, assigned.filter((op) => op !== 'DeepCopy')];
    assert.deepEqual([written, taken], [3 + 2, ['AddV2']], 'all three as they are written from outside, and two of the body');
  });
});
