import type { InputMap } from './input-map.js';

/** The layer that sees the state vector: weights [inputs × units], row-major, and biases. */
export interface InputLayer {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * The source's input layer for the target's state vector, with the same output wherever the common features say the same and the removed ones are
 * at their mean (Net2Net, Chen et al. 2016): new inputs weigh nothing, removed ones fold their mean into the bias, common ones are converted from
 * one normalisation to the other. `means` are those of removed features in the source's units; 0, that of its training window, unless given.
 */
export const adaptInputLayer = (layer: InputLayer, map: InputMap, means: Readonly<Record<string, number>> = {}): InputLayer => {
  const units = layer.bias.length;
  if (layer.weight.length !== map.sourceSize * units)
    throw new RangeError(
      `the source's input layer has ${layer.weight.length} weights for ${units} units: expected ${map.sourceSize * units}, its schema has ${map.sourceSize} inputs`,
    );
  const weight = new Float32Array(map.targetSize * units);
  const bias = Float64Array.from(layer.bias);
  for (const { target, source, scale, offset } of map.mapped)
    for (let unit = 0; unit < units; unit++) {
      const from = layer.weight[source * units + unit]!;
      weight[target * units + unit] = from * scale;
      bias[unit]! += from * offset;
    }
  for (const { source, feature } of map.removed) {
    const mean = means[feature] ?? 0;
    for (let unit = 0; unit < units; unit++) bias[unit]! += layer.weight[source * units + unit]! * mean;
  }
  return { weight, bias: Float32Array.from(bias) };
};
