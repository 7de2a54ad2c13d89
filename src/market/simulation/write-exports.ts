import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';

/** Rows that are handed to the stream at once. */
const ROWS = 4_096;

/**
 * Writes one-minute bars as NinjaTrader 8 exports them, one file for each quarterly contract (`SIM 03-26.Last.txt`): no header,
 * `yyyyMMdd HHmmss;open;high;low;close;volume` with the bar's close in UTC. A file appears under its name when it is whole. Returns the paths.
 */
export const writeExports = async (bars: BarSeries, folder: string): Promise<readonly string[]> => {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const { contract, range } of contracts(bars)) {
    const path = join(folder, `${bars.instrument} ${contract}.Last.txt`);
    await writeRows(bars, range, `${path}.partial`);
    await rename(`${path}.partial`, path);
    paths.push(path);
  }
  return paths;
};

/** Runs of bars that close in one quarter, named by the contract that expires at its end: `03-26`, `06-26`, `09-26`, `12-26`. */
const contracts = (bars: BarSeries): { readonly contract: string; readonly range: BarRange }[] => {
  const runs: { contract: string; range: { from: number; to: number } }[] = [];
  for (let bar = 0; bar < bars.length; bar++) {
    const contract = contractOf(bars.closeTime[bar]!);
    const last = runs.at(-1);
    if (last?.contract === contract) last.range.to = bar + 1;
    else runs.push({ contract, range: { from: bar, to: bar + 1 } });
  }
  return runs;
};

const contractOf = (time: number): string => {
  const date = new Date(time);
  const month = 3 * Math.floor(date.getUTCMonth() / 3) + 3;
  return `${twoDigits(month)}-${twoDigits(date.getUTCFullYear() % 100)}`;
};

const writeRows = async (bars: BarSeries, { from, to }: BarRange, path: string): Promise<void> => {
  const stream = createWriteStream(path);
  for (let start = from; start < to; start += ROWS) {
    let text = '';
    for (let bar = start; bar < Math.min(start + ROWS, to); bar++) text += row(bars, bar);
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
};

const row = ({ closeTime, open, high, low, close, volume }: BarSeries, bar: number): string =>
  `${stamp(closeTime[bar]!)};${open[bar]};${high[bar]};${low[bar]};${close[bar]};${volume[bar]}\r\n`;

const stamp = (time: number): string => {
  const date = new Date(time);
  const day = `${date.getUTCFullYear()}${twoDigits(date.getUTCMonth() + 1)}${twoDigits(date.getUTCDate())}`;
  return `${day} ${twoDigits(date.getUTCHours())}${twoDigits(date.getUTCMinutes())}${twoDigits(date.getUTCSeconds())}`;
};

const twoDigits = (value: number): string => String(value).padStart(2, '0');
