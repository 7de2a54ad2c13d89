import * as tf from '@tensorflow/tfjs';
import { orderedInputs, orderedValues, signatureOf, type Executor, type Program } from './program.js';

/** Runs a program kernel by kernel on TensorFlow.js's present backend: slower than `compile`, equal to it, and possible everywhere. */
export const runEagerly = (program: Program): Executor => {
  const constants = mapValues(program.constants, ({ values, shape }) => tf.tensor(values.slice(), [...shape], 'float32'));
  const variables = mapValues(program.variables, (shape) => tf.tidy(() => tf.variable(tf.zeros([...shape]))));
  return {
    run: (name, given) => {
      const signature = signatureOf(program, name);
      const values = orderedInputs(name, signature, given);
      const outputs = tf.tidy(() => {
        const specs = Object.entries(signature.inputs);
        const inputs = Object.fromEntries(specs.map(([key, { shape, dtype }], i) => [key, tf.tensor(values[i]!, [...shape], dtype)]));
        return signature.body({ variables, constants, inputs });
      });
      const fetched = mapValues(outputs, (output) => output.dataSync<'float32'>().slice());
      tf.dispose(outputs);
      return fetched;
    },
    read: () =>
      Object.entries(program.variables).map(([name, shape]) => ({ name, shape, values: variables[name]!.dataSync<'float32'>().slice() })),
    write: (state) => {
      const values = orderedValues(program.variables, state);
      Object.values(variables).forEach((variable, i) =>
        tf.tidy(() => variable.assign(tf.tensor(values[i]!.slice(), variable.shape, 'float32'))),
      );
    },
    dispose: () => {
      tf.dispose(constants);
      for (const variable of Object.values(variables)) variable.dispose();
    },
  };
};

const mapValues = <A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
