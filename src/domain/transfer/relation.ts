import { placeName, type Ancestor, type VersionPlace } from '../lineage/ancestors.js';

/** What a network that is to be changed is to the one that it is blended with. */
export type Relation =
  /** It has learned nothing yet. */
  | { readonly kind: 'fresh' }
  /** One was trained from the other, or both from a common ancestor, on this way. */
  | { readonly kind: 'lineage'; readonly common: VersionPlace }
  | { readonly kind: 'independent'; readonly source: VersionPlace; readonly target: VersionPlace };

/** A version with all that its lineage says it came through. */
export interface Descendant {
  readonly place: VersionPlace;
  readonly ancestors: readonly Pick<Ancestor, 'through'>[];
}

/** How two trained versions are related, by their lineage: the first version that both came through. */
export const relationOf = (source: Descendant, target: Descendant): Relation => {
  const ofTarget = new Set(passed(target).map(placeName));
  const common = passed(source).find((place) => ofTarget.has(placeName(place)));
  return common === undefined ? { kind: 'independent', source: source.place, target: target.place } : { kind: 'lineage', common };
};

/** Why two networks must not be blended; null where they may. */
export const blendRefusal = (relation: Relation): string | null =>
  relation.kind === 'independent'
    ? `${placeName(relation.source)} and ${placeName(relation.target)} were trained independently: their units mean different things in the same places, so a mean of their weights computes neither; start a fresh network from one of them, or distil`
    : null;

const passed = ({ place, ancestors }: Descendant): VersionPlace[] => [place, ...ancestors.flatMap(({ through }) => through)];
