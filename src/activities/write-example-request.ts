import { writeFile } from 'node:fs/promises';
import { openFolderStore } from '../artifacts/folder-store.js';
import { sessionStarts } from '../domain/market/bars.js';
import type { BarSeries } from '../domain/market/bars.js';
import { readDataset } from '../market/bar-store.js';

/** More than any model looks back on; a request of so many bars is a quarter of a megabyte. */
const BARS = 2_300;

/**
 * Writes the body of a decision request as JSON into `path`: the bars of a dataset up to the middle of its last session, from the beginning of a
 * session on. Ratchet's own example of what an executor sends at the close of a bar.
 */
export const writeExampleRequest = async (artifactsFolder: string, dataset: string, path: string): Promise<void> => {
  const artifacts = await openFolderStore(artifactsFolder);
  await writeFile(path, JSON.stringify({ bars: exampleBars(await readDataset(await artifacts.file(dataset))) }));
};

const exampleBars = (bars: BarSeries) => {
  const starts = [...sessionStarts(bars)];
  const lastSession = starts.at(-2) ?? 0;
  const end = lastSession + Math.ceil((bars.length - lastSession) / 2);
  const from = starts.findLast((start) => start <= Math.max(0, end - BARS)) ?? 0;
  return Array.from({ length: end - from }, (_, index) => {
    const at = from + index;
    return {
      close_time: bars.closeTime[at],
      open: bars.open[at],
      high: bars.high[at],
      low: bars.low[at],
      close: bars.close[at],
      volume: bars.volume[at],
    };
  });
};
