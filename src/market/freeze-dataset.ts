import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BarSeries } from '../domain/market/bars.js';
import type { Dataset } from '../domain/market/dataset.js';
import type { ArtifactStore } from '../domain/ports.js';
import { datasetId, writeDataset } from './bar-store.js';

export interface FreezeOptions {
  readonly artifacts: ArtifactStore;
  /** 0..1, of the quality report. */
  readonly quality: number;
  readonly simulated: boolean;
  /** Where the file is written before the store takes it. */
  readonly temporaryFolder?: string;
}

/** Stores bars as an artifact that never changes and names them by their content. Throws `RangeError` when there are none. */
export const freezeDataset = async (bars: BarSeries, options: FreezeOptions): Promise<Dataset> => {
  const first = bars.closeTime.at(0);
  const last = bars.closeTime.at(-1);
  if (first === undefined || last === undefined) throw new RangeError(`${bars.instrument} has no bars to freeze`);
  const folder = options.temporaryFolder ?? tmpdir();
  await mkdir(folder, { recursive: true });
  const path = join(folder, `dataset-${randomUUID()}.parquet`);
  try {
    await writeDataset(bars, path);
    return {
      id: datasetId(bars),
      instrument: bars.instrument,
      frequencyMs: bars.frequencyMs,
      artifact: await options.artifacts.put({ path }),
      bars: bars.length,
      sessions: new Set(bars.session).size,
      from: new Date(first).toISOString(),
      to: new Date(last).toISOString(),
      quality: options.quality,
      simulated: options.simulated,
    };
  } finally {
    await rm(path, { force: true });
  }
};
