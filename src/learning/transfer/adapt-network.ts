import type { NamedTensor } from '../learner.js';
import { adaptInputLayer } from './adapt-input-layer.js';
import type { InputMap } from './input-map.js';

/** The layer that sees the state vector, in every network. */
const INPUT_LAYER = 'trunk/0';

/**
 * A network's tensors for another state vector, which compute what they did (see `adaptInputLayer`); names with a prefix, such as `online/`, keep it.
 * Throws `RangeError` when there is no input layer or it is of another size.
 */
export const adaptNetwork = (
  tensors: readonly NamedTensor[],
  map: InputMap,
  { prefix = '', means = {} }: { readonly prefix?: string; readonly means?: Readonly<Record<string, number>> } = {},
): NamedTensor[] => {
  const named = (part: string): NamedTensor => {
    const name = `${prefix}${INPUT_LAYER}/${part}`;
    const tensor = tensors.find((candidate) => candidate.name === name);
    if (tensor === undefined) throw new RangeError(`there is no ${name} among ${tensors.length} tensors: expected those of a network`);
    return tensor;
  };
  const [weight, bias] = [named('weight'), named('bias')];
  const adapted = adaptInputLayer({ weight: weight.values, bias: bias.values }, map, means);
  return tensors.map((tensor) => {
    if (tensor === weight) return { ...tensor, shape: [map.targetSize, bias.values.length], values: adapted.weight };
    return tensor === bias ? { ...tensor, values: adapted.bias } : tensor;
  });
};
