import { endianness } from 'node:os';
import type { ArtifactStore } from '../../domain/ports.js';

/** Stores a series as little-endian float64 and returns the artifact's id, which is the hash that evidence names it by. */
export const storeSeries = (artifacts: ArtifactStore, series: Float64Array): Promise<string> => {
  const bytes = Buffer.from(series.slice().buffer);
  return artifacts.put(endianness() === 'LE' ? bytes : bytes.swap64());
};

/** Reads what `storeSeries` stored. Throws `ArtifactMissing`, `ArtifactCorrupt`, and `RangeError` when it is no series of `length` numbers. */
export const readSeries = async (artifacts: ArtifactStore, id: string, length: number): Promise<Float64Array> => {
  const bytes = Buffer.from(await artifacts.get(id));
  if (bytes.length !== 8 * length)
    throw new RangeError(`artifact ${id} has ${bytes.length} bytes: expected a series of ${length} numbers of 8 bytes each`);
  return Float64Array.from({ length }, (_, i) => bytes.readDoubleLE(8 * i));
};
