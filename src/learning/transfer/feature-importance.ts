import * as tf from '@tensorflow/tfjs';
import type { ObservationSchema } from '../../domain/agent/observation.js';
import { observationSize } from '../../domain/agent/observation.js';
import type { RandomStream } from '../../domain/ports.js';
import { applyGraph, graphParameters } from '../export/compute-graph.js';
import type { OnnxGraph } from '../export/onnx-model.js';

/** Shares of 1 by feature: how much of what a network says depends on it. */
export type FeatureImportance = Readonly<Record<string, number>>;

export interface ImportanceOptions {
  /** The network as it is served. */
  readonly graph: OnnxGraph;
  readonly schema: Pick<ObservationSchema, 'features' | 'lookback'>;
  /** States that it meets, [count × size] row-major. */
  readonly states: Float32Array;
}

/** Branches whose Q-values are asked about. */
const BRANCHES = ['price', 'quantity'] as const;

/**
 * By how much the Q-values change (root mean square over states and bins) when a feature's whole window is exchanged for that of another state, as
 * shares (Breiman 2001, with the answers themselves in place of a score).
 */
export const permutationImportance = ({ graph, schema, states }: ImportanceOptions, random: RandomStream): FeatureImportance => {
  const size = observationSize(schema);
  const count = states.length / size;
  const order = shuffled(count, random);
  return tf.tidy(() => {
    const parameters = graphParameters(graph.weights);
    const answers = (rows: Float32Array): tf.Tensor => valuesOf(graph, parameters, tf.tensor(rows, [count, size], 'float32'));
    const usual = answers(states);
    return shares(
      schema.features.map((_, column) => tf.sqrt(tf.mean(tf.squaredDifference(usual, answers(exchanged(states, size, schema, column, order))))).dataSync()[0]!), // prettier-ignore
      schema.features,
    );
  });
};

/** The mean over states of the absolute slope of the best Q-values along each input, summed over a feature's window, as shares; inputs are of one scale. */
export const gradientImportance = ({ graph, schema, states }: ImportanceOptions): FeatureImportance => {
  const size = observationSize(schema);
  const count = states.length / size;
  const slopes = tf.tidy(() => {
    const parameters = graphParameters(graph.weights);
    const slope = tf.grad((observation: tf.Tensor) => {
      const answers = applyGraph(graph, { ...parameters, observation });
      return tf.sum(tf.stack(BRANCHES.map((branch) => tf.max(answers[branch]!, 1))));
    });
    return tf.mean(tf.abs(slope(tf.tensor(states, [count, size], 'float32'))), 0).dataSync<'float32'>();
  });
  const width = schema.features.length;
  return shares(
    schema.features.map((_, column) => {
      let sum = 0;
      for (let row = 0; row < schema.lookback; row++) sum += slopes[row * width + column]!;
      return sum;
    }),
    schema.features,
  );
};

/** `share` of one importance and the rest of another, over the features of both; a feature that one does not know is as important to it as its average one. */
export const blendImportance = (one: FeatureImportance, other: FeatureImportance, share: number): FeatureImportance => {
  const features = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const known = (importance: FeatureImportance): number[] => {
    const average = 1 / Math.max(1, Object.keys(importance).length);
    const completed = shares(
      features.map((feature) => importance[feature] ?? average),
      features,
    );
    return features.map((feature) => completed[feature]!);
  };
  const [ofOne, ofOther] = [known(one), known(other)];
  return Object.fromEntries(features.map((feature, i) => [feature, share * ofOne[i]! + (1 - share) * ofOther[i]!]));
};

/** Both branches' Q-values side by side [n, bins]. */
const valuesOf = (graph: OnnxGraph, parameters: Readonly<Record<string, tf.Tensor>>, observation: tf.Tensor): tf.Tensor => {
  const answers = applyGraph(graph, { ...parameters, observation });
  return tf.concat(
    BRANCHES.map((branch) => answers[branch]!),
    1,
  );
};

/** The states with one feature's window taken from the state that `order` names. */
const exchanged = (
  states: Float32Array,
  size: number,
  { features, lookback }: ImportanceOptions['schema'],
  column: number,
  order: Int32Array,
): Float32Array => {
  const changed = states.slice();
  for (let row = 0; row < lookback; row++) {
    const at = row * features.length + column;
    order.forEach((from, state) => (changed[state * size + at] = states[from * size + at]!));
  }
  return changed;
};

const shuffled = (count: number, random: RandomStream): Int32Array => {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
};

/** Equal shares, where nothing depends on any of them. */
const shares = (values: readonly number[], features: readonly string[]): FeatureImportance => {
  const total = values.reduce((sum, value) => sum + value, 0);
  return Object.fromEntries(features.map((feature, i) => [feature, total > 0 ? values[i]! / total : 1 / features.length]));
};
