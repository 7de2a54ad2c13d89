import * as tf from '@tensorflow/tfjs';
import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import type { Program, Scope, TensorSpec, Values } from '../compiled/program.js';
import type { FeatureMatrix } from '../observation.js';

/** How a task's states reach the network: what a call is fed for them, and the observations that are made of it inside the graph. */
export interface States {
  /** Length of an observation. */
  readonly size: number;
  /** Rows of the window that an observation begins with; null for observations without one. */
  readonly lookback: number | null;
  readonly constants: Program['constants'];
  /** What n states are, by name. */
  readonly inputs: (n: number) => Readonly<Record<string, TensorSpec>>;
  /** Observations [n, size]. */
  readonly observe: (constants: Scope['constants'], inputs: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
  /** Throws `RangeError` when a state has no observation; `given` may hold other inputs too. */
  readonly check: (given: Readonly<Record<string, Values>>) => void;
}

/** The name of a state's input where it is that of the state after: `bars`, `nextBars`. */
export const nextName = (name: string): string => `next${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** States that are their observations: input `observations` [n, size]. */
export const vectorStates = (size: number): States => ({
  size,
  lookback: null,
  constants: {},
  inputs: (n) => ({ observations: { shape: [n, size], dtype: 'float32' } }),
  observe: (_, { observations }) => observations!,
  check: () => undefined,
});

/**
 * States by bar index and private state: inputs `bars` [n] and `privateState` [n, 4]. The feature matrix is a constant of the graph, from which
 * windows of `lookback` rows are gathered; those that begin before the first bar see zeros there.
 */
export const barStates = (features: FeatureMatrix, lookback: number): States => {
  const width = features.names.length;
  const offsets = Int32Array.from({ length: lookback }, (_, row) => row);
  return {
    size: lookback * width + PRIVATE_STATE.length,
    lookback,
    constants: { features: paddedFeatures(features, lookback) },
    inputs: (n) => ({ bars: { shape: [n], dtype: 'int32' }, privateState: { shape: [n, PRIVATE_STATE.length], dtype: 'float32' } }),
    observe: ({ features: matrix }, { bars, privateState }) => {
      // Row r of the padded matrix is bar r - (lookback - 1), so the window that ends at bar b starts at row b.
      const rows = tf.add(tf.reshape(bars!, [-1, 1]), tf.tensor1d(offsets));
      const window = tf.reshape(tf.gather(matrix!, rows), [bars!.shape[0], lookback * width]);
      return tf.concat([window, privateState!], 1);
    },
    check: (given) => {
      for (const name of ['bars', 'nextBars']) {
        const outside = given[name]?.find((bar) => bar < 0 || bar >= features.rows);
        if (outside !== undefined) throw new RangeError(`bar ${outside} has no features: expected 0 to ${features.rows - 1}`);
      }
    },
  };
};

/** The matrix after `lookback - 1` rows of zeros. */
const paddedFeatures = ({ names, rows, values }: FeatureMatrix, lookback: number): Program['constants'][string] => {
  const padded = new Float32Array((rows + lookback - 1) * names.length);
  padded.set(values, (lookback - 1) * names.length);
  return { shape: [rows + lookback - 1, names.length], values: padded };
};
