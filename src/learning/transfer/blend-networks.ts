import { blendRefusal, type Relation } from '../../domain/transfer/relation.js';
import type { NamedTensor } from '../learner.js';
import { shrinkAndPerturb } from './shrink-and-perturb.js';

/** A blend of two trained networks that would be of no use. */
export class BlendRefused extends Error {
  override readonly name = 'BlendRefused';
}

export interface Blend {
  /** A learner's state; its optimizer is kept as it is, so a blend is for a learner that starts. */
  readonly target: readonly NamedTensor[];
  readonly source: readonly NamedTensor[];
  /** Of the source, from 0 to 1. */
  readonly share: number;
  readonly relation: Relation;
  /** Blends networks that share no ancestor all the same. */
  readonly forced?: boolean;
}

/** `share` × source + (1 - share) × target. Throws `BlendRefused`, with the reason, for independently trained networks unless forced, and `ParentUnfit`. */
export const blendNetworks = ({ target, source, share, relation, forced = false }: Blend): NamedTensor[] => {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`share ${share} of the source is not valid: expected 0 to 1`);
  const refusal = blendRefusal(relation);
  if (refusal !== null && !forced) throw new BlendRefused(refusal);
  return shrinkAndPerturb(target, source, share);
};
