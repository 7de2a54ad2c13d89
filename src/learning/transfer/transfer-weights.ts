import type { ObservationSchema } from '../../domain/agent/observation.js';
import type { NamedTensor } from '../learner.js';
import { adaptNetwork, inputLayerOf } from './adapt-network.js';
import { ParentUnfit, shrinkAndPerturb } from './shrink-and-perturb.js';

/** A network that knowledge is taken from. */
export interface WeightSource {
  /** Of which `online/…` is used. */
  readonly tensors: readonly NamedTensor[];
  readonly schema: ObservationSchema;
  /** Means of its features in its own normalised units, for those that the target does not have; 0 unless given. */
  readonly means?: Readonly<Record<string, number>>;
}

/**
 * A fresh learner's state that starts from another network, whose features need not be the same ones: inputs are mapped by name so that the mapped
 * network computes what it did, and then `share` of it is blended into the fresh one (1 keeps the function whole). Throws `ParentUnfit` where
 * the hidden layers or the bins differ, and `SchemasDiffer`.
 */
export const transferWeights = (
  fresh: readonly NamedTensor[],
  target: ObservationSchema,
  { tensors, schema, means = {} }: WeightSource,
  share: number,
): NamedTensor[] => {
  const [from, to] = [tensors, fresh].map((state) => inputLayerOf(state, 'online/'));
  if (from !== to)
    throw new ParentUnfit(
      `the parent sees its state through ${from}, the network through ${to}: an encoder is handed on to the same kind only; train from scratch, or distil`,
    );
  return shrinkAndPerturb(fresh, adaptNetwork(tensors, schema, target, { prefix: 'online/', means }), share);
};
