/** A version within all instruments and buckets. */
export interface VersionPlace {
  readonly instrument: string;
  readonly bucket: string;
  readonly name: string;
}

/** What a version took over from another one: the weights that its training started from, or knowledge handed on later. */
export type VersionLinkKind = 'parent' | 'transfer';

/** Data that shaped a version: what it was trained on, what its features are scaled by, what its settings were chosen on, what it replayed. */
export type DataSourceKind = 'dataset' | 'normaliser' | 'tuning' | 'replay';

/** Data that a version learned from by itself. */
export interface DataSource {
  readonly kind: DataSourceKind;
  /** Id of the dataset, study or buffer. */
  readonly source: string;
  /** Close of the newest bar of it that was learned from, ISO 8601. */
  readonly horizon: string;
  /** How far decisions looked back and labels looked ahead: bars of the purge × their length, in ms. */
  readonly reachMs: number;
}

/** One link of the lineage graph: `of` learned from data, or took over from another version. */
export type LineageLink =
  | (DataSource & { readonly of: VersionPlace })
  | { readonly of: VersionPlace; readonly kind: VersionLinkKind; readonly version: VersionPlace };

/** Data in a version's lineage, with the versions that it came through: the version itself first, the one that learned from it last. */
export interface Ancestor extends DataSource {
  readonly through: readonly VersionPlace[];
}

/** A version's key in maps and messages. */
export const placeName = ({ instrument, bucket, name }: VersionPlace): string => `${instrument}/${bucket}/${name}`;

/** All data that a version or any ancestor of it learned from, each on the shortest way to it; links of other versions are ignored. */
export const ancestorsOf = (root: VersionPlace, links: readonly LineageLink[]): Ancestor[] => {
  const linksOf = groupByVersion(links);
  const seen = new Set([placeName(root)]);
  const ways: (readonly VersionPlace[])[] = [[root]];
  const ancestors: Ancestor[] = [];
  for (const through of ways)
    for (const link of linksOf.get(placeName(through.at(-1) ?? root)) ?? []) {
      if ('version' in link) {
        if (!seen.has(placeName(link.version))) ways.push([...through, link.version]);
        seen.add(placeName(link.version));
      } else {
        const { kind, source, horizon, reachMs } = link;
        ancestors.push({ kind, source, horizon, reachMs, through });
      }
    }
  return ancestors;
};

const groupByVersion = (links: readonly LineageLink[]): ReadonlyMap<string, readonly LineageLink[]> => {
  const groups = new Map<string, LineageLink[]>();
  for (const link of links) {
    const group = groups.get(placeName(link.of));
    if (group === undefined) groups.set(placeName(link.of), [link]);
    else group.push(link);
  }
  return groups;
};
