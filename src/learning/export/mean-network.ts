import { parameterShapes, type Layer, type Network } from '../network.js';

export interface MeanNetwork {
  readonly network: Network;
  /** Values by parameter name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

/**
 * The network that answers with one value a bin and no noise, and so with what a trained one acts on: of quantiles it keeps the mean of those
 * acted on, which is linear and goes into the last layer of each head; noisy layers keep their means.
 */
export const meanNetwork = (network: Network, parameters: ReadonlyMap<string, Float32Array>): MeanNetwork => {
  const plain = (layer: Layer): Layer => ({ ...layer, noisy: false });
  const folded = new Map(parameters);
  const head = (stack: readonly Layer[]): Layer[] => {
    const last = stack.at(-1);
    if (network.quantiles === null || last === undefined) return stack.map(plain);
    const { count, actedOn } = network.quantiles;
    for (const name of [`${last.name}/weight`, `${last.name}/bias`]) folded.set(name, meansOfLowest(parameters.get(name)!, count, actedOn));
    return [...stack.slice(0, -1), { ...last, outputs: last.outputs / count }].map(plain);
  };
  const mean: Network = {
    ...network,
    value: head(network.value),
    branches: Object.fromEntries(Object.entries(network.branches).map(([branch, stack]) => [branch, head(stack)])),
    quantiles: null,
  };
  return { network: mean, parameters: new Map(Object.keys(parameterShapes(mean)).map((name) => [name, folded.get(name)!])) };
};

/** Quantiles lie side by side in the last dimension: the mean of the first `actedOn` of each group of `count`. */
const meansOfLowest = (values: Float32Array, count: number, actedOn: number): Float32Array =>
  Float32Array.from({ length: values.length / count }, (_, group) => {
    let sum = 0;
    for (let i = 0; i < actedOn; i++) sum += values[group * count + i]!;
    return sum / actedOn;
  });
