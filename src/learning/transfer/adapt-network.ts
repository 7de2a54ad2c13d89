import type { ObservationSchema } from '../../domain/agent/observation.js';
import type { NamedTensor } from '../learner.js';
import { adaptInputLayer } from './adapt-input-layer.js';
import { mapInputs, mapPatch } from './input-map.js';

export interface AdaptOptions {
  /** Of the tensors' names, such as `online/`; it is kept. */
  readonly prefix?: string;
  /** Of removed features in the source's units; 0, that of its training window, unless given. */
  readonly means?: Readonly<Record<string, number>>;
}

/** Name of the layer that sees the state vector: the first convolution, where a network has one. */
export const inputLayerOf = (tensors: readonly Pick<NamedTensor, 'name'>[], prefix = ''): string =>
  tensors.some(({ name }) => name === `${prefix}encoder/0/weight`) ? 'encoder/0' : 'trunk/0';

/**
 * A network's tensors for another state vector, which compute what they did (see `adaptInputLayer`). Throws `RangeError` when there is no input layer
 * or it is of another size, and `SchemasDiffer`.
 */
export const adaptNetwork = (
  tensors: readonly NamedTensor[],
  source: ObservationSchema,
  target: ObservationSchema,
  { prefix = '', means = {} }: AdaptOptions = {},
): NamedTensor[] => {
  const layer = inputLayerOf(tensors, prefix);
  const named = (part: string): NamedTensor => {
    const name = `${prefix}${layer}/${part}`;
    const tensor = tensors.find((candidate) => candidate.name === name);
    if (tensor === undefined) throw new RangeError(`there is no ${name} among ${tensors.length} tensors: expected those of a network`);
    return tensor;
  };
  const [weight, bias] = [named('weight'), named('bias')];
  const map = layer === 'trunk/0' ? mapInputs(source, target) : mapPatch(source, target, weight.shape[0]! / source.features.length);
  const adapted = adaptInputLayer({ weight: weight.values, bias: bias.values }, map, means);
  return tensors.map((tensor) => {
    if (tensor === weight) return { ...tensor, shape: [map.targetSize, bias.values.length], values: adapted.weight };
    return tensor === bias ? { ...tensor, values: adapted.bias } : tensor;
  });
};
