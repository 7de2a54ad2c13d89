import * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../config/training.js';
import { PRIVATE_STATE } from '../domain/observation.js';
import type { Program, Scope, TensorSpec } from './compiled/program.js';
import { learnerStep } from './learner-step.js';
import { parameterShapes, predict, type Network } from './network.js';
import type { FeatureMatrix } from './observation.js';

interface LearnerProgramOptions {
  readonly agent: AgentConfig;
  readonly features: FeatureMatrix;
  readonly lookback: number;
  readonly batchSize: number;
  readonly actBatch: number;
}

/** The learner's two computations, `act` and `step`, over its variables; the feature matrix is a constant from which observations are gathered by bar. */
export const learnerProgram = (network: Network, options: LearnerProgramOptions): Program => {
  const { agent, features, lookback, batchSize, actBatch } = options;
  const shapes = Object.entries(parameterShapes(network));
  const offsets = Int32Array.from({ length: lookback }, (_, row) => row);
  const observe = ({ features: matrix }: Scope['constants'], bars: tf.Tensor, privateState: tf.Tensor): tf.Tensor => {
    // Row r of the padded matrix is bar r - (lookback - 1), so the window that ends at bar b starts at row b.
    const rows = tf.add(tf.reshape(bars, [-1, 1]), tf.tensor1d(offsets));
    const window = tf.reshape(tf.gather(matrix!, rows), [bars.shape[0], lookback * features.names.length]);
    return tf.concat([window, privateState], 1);
  };
  return {
    constants: { features: paddedFeatures(features, lookback) },
    variables: Object.fromEntries([
      ...['online', 'target', 'adam/m', 'adam/v'].flatMap((group) => shapes.map(([name, shape]) => [`${group}/${name}`, shape] as const)),
      ['adam/step', []],
    ]),
    signatures: {
      act: {
        inputs: { bars: ints(actBatch), privateState: floats(actBatch, PRIVATE_STATE.length) },
        body: ({ variables, constants, inputs: { bars, privateState } }) => {
          const { price, quantity } = predict(network, (name) => variables[`online/${name}`]!, observe(constants, bars!, privateState!));
          return { price, quantity };
        },
      },
      step: {
        inputs: {
          bars: ints(batchSize),
          privateState: floats(batchSize, PRIVATE_STATE.length),
          nextBars: ints(batchSize),
          nextPrivateState: floats(batchSize, PRIVATE_STATE.length),
          price: ints(batchSize),
          quantity: ints(batchSize),
          reward: floats(batchSize),
          discount: floats(batchSize),
          weight: floats(batchSize),
          volatility: floats(batchSize),
        },
        body: ({ variables, constants, inputs }) => ({
          ...learnerStep(network, agent, variables, {
            observation: observe(constants, inputs.bars!, inputs.privateState!),
            nextObservation: observe(constants, inputs.nextBars!, inputs.nextPrivateState!),
            price: inputs.price!,
            quantity: inputs.quantity!,
            reward: inputs.reward!,
            discount: inputs.discount!,
            weight: inputs.weight!,
            volatility: inputs.volatility!,
          }),
        }),
      },
    },
  };
};

const ints = (...shape: number[]): TensorSpec => ({ shape, dtype: 'int32' });
const floats = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

/** The matrix after `lookback - 1` rows of zeros: windows that begin before the first bar see zeros there. */
const paddedFeatures = ({ names, rows, values }: FeatureMatrix, lookback: number): Program['constants'][string] => {
  const padded = new Float32Array((rows + lookback - 1) * names.length);
  padded.set(values, (lookback - 1) * names.length);
  return { shape: [rows + lookback - 1, names.length], values: padded };
};
