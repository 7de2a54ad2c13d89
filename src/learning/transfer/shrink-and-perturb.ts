import type { NamedTensor } from '../learner.js';

/** A parent's tensors do not fit the network that is to start from them. */
export class ParentUnfit extends Error {
  override readonly name = 'ParentUnfit';
}

/**
 * A learner's state that starts from a parent: each weight of the online network is `share` × the parent's + (1 - share) × the fresh one's
 * (shrink and perturb: Ash and Adams 2020, arXiv 1910.08475), the target and the origin of L2-init equal to it and the optimizer fresh. A network trained to the end
 * loses its ability to learn; the fresh part gives it back. Throws `ParentUnfit` when a tensor is missing or of another shape.
 */
export const shrinkAndPerturb = (fresh: readonly NamedTensor[], parent: readonly NamedTensor[], share: number): NamedTensor[] => {
  const weights = new Map(parent.map((tensor) => [tensor.name, tensor]));
  return fresh.map((tensor) => {
    const [, parameter] = /^(?:online|target|origin)\/(.+)$/.exec(tensor.name) ?? [];
    if (parameter === undefined) return tensor;
    const from = weights.get(`online/${parameter}`);
    if (from?.shape.join() !== tensor.shape.join())
      throw new ParentUnfit(
        `the parent's ${parameter} has shape [${from?.shape.join(', ') ?? 'none'}], the network's [${tensor.shape.join(', ')}]: train from scratch (\`--full\`) after a change of features or layers`,
      );
    return { ...tensor, values: tensor.values.map((value, i) => share * from.values[i]! + (1 - share) * value) };
  });
};
