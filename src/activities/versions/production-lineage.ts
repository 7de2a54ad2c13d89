import type { Ancestor } from '../../domain/lineage/ancestors.js';
import type { Registry } from '../../registry/open-registry.js';

/** All that the proven version which is live now, or any ancestor of it, learned from; nothing when none is. */
export const productionLineage = async (
  { production, versions }: Pick<Registry, 'production' | 'versions'>,
  instrument: string,
  bucket: string,
): Promise<Ancestor[]> => {
  const live = await production.current(instrument, bucket);
  return live?.role === 'production' ? versions.lineage(instrument, bucket, live.version) : [];
};
