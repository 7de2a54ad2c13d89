import * as tf from '@tensorflow/tfjs';
import type { Scope, Signature } from '../compiled/program.js';
import type { Inspection } from '../learner.js';
import { allLayers, parameterShapes, type Network } from '../network.js';
import { predict } from './predict.js';
import type { States } from './states.js';

/** What a look at the network costs one forward pass for: each hidden unit's mean |output| over `batchSize` states, and each parameter's norm. */
export const inspectSignature = (network: Network, states: States, batchSize: number): Signature => ({
  inputs: states.inputs(batchSize),
  body: ({ variables, constants, inputs }) => {
    const activity: tf.Tensor[] = [];
    predict(network, (name) => variables[`online/${name}`]!, states.observe(constants, inputs), {
      onHidden: (_, output) => activity.push(tf.mean(output, 0)), // behind a ReLU
    });
    return { activity: tf.concat(activity), norms: tf.stack(normsOf(network, variables)) };
  },
});

const normsOf = (network: Network, variables: Scope['variables']): tf.Tensor[] =>
  Object.keys(parameterShapes(network)).map((name) => tf.sqrt(tf.sum(tf.square(variables[`online/${name}`]!))));

/** The outputs of the signature by layer and parameter. */
export const readInspection = (network: Network, { activity, norms }: Readonly<Record<string, Float32Array>>): Inspection => {
  const hidden = allLayers(network).filter(({ relu }) => relu);
  const ends = hidden.map((_, i) => hidden.slice(0, i + 1).reduce((sum, { outputs }) => sum + outputs, 0));
  return {
    activity: hidden.map(({ name, outputs }, i) => ({ layer: name, meanAbsolute: activity!.slice(ends[i]! - outputs, ends[i]) })),
    norms: Object.fromEntries(Object.keys(parameterShapes(network)).map((name, i) => [name, norms![i]!])),
  };
};
