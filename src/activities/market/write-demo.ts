import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readCalendars, readInstruments } from '../../config/read-files.js';
import type { SimulationConfig } from '../../config/sections/simulation.js';
import { createRandom } from '../../learning/random.js';
import { createCalendar } from '../../market/calendar.js';
import { DEFAULT_MARKET, simulateDefaultMarket } from '../../market/simulation/default-market.js';
import type { Simulation } from '../../market/simulation/create-simulation.js';
import { writeExports } from '../../market/simulation/write-exports.js';

/** A simulated market on disk, as NinjaTrader 8 would have exported it. */
export interface Demo {
  /** The folder to watch: nothing but exports is in it. */
  readonly folder: string;
  /** Id of the instrument that it trades as. */
  readonly instrument: string;
  readonly files: number;
  readonly bars: number;
  /** Annual Sharpe ratio, net of costs, of the known-optimal policy. */
  readonly edge: number;
  readonly seed: number;
  /** False when it was there already. */
  readonly written: boolean;
}

/** Another simulated market is in the folder; training on both together would prove nothing. */
export class DemoDiffers extends Error {
  override readonly name = 'DemoDiffers';
  constructor(folder: string, there: Made, wanted: Made) {
    super(
      `${folder} holds a simulated market of edge ${there.edge} and seed ${there.seed}, but one of edge ${wanted.edge} and seed ${wanted.seed} is asked for: set RATCHET_HOME to another folder for it, or ask for the one that is there`,
    );
  }
}

const made = z.object({ edge: z.number(), seed: z.number() });
type Made = z.infer<typeof made>;
const manifest = z.object({ ...made.shape, files: z.number(), bars: z.number() });

/**
 * Writes the default simulated market into `folder`, unless it is there: the same seed and edge give the same files.
 * What an interrupted call left is replaced. Throws `DemoDiffers`, and `UnreachableEdge` for an edge that costs rule out.
 */
export const writeDemo = async (folder: string, { seed, edge = DEFAULT_MARKET.edge }: SimulationConfig): Promise<Demo> => {
  const exports = join(folder, 'exports');
  const demo = { folder: exports, instrument: DEFAULT_MARKET.instrument, edge, seed };
  const found = await readManifest(folder);
  if (found !== null) {
    if (found.edge !== edge || found.seed !== seed) throw new DemoDiffers(folder, found, demo);
    return { ...demo, files: found.files, bars: found.bars, written: false };
  }
  const { bars } = await simulate(demo);
  await rm(exports, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { length: files } = await writeExports(bars, exports);
  await writeManifest(folder, { edge, seed, files, bars: bars.length });
  return { ...demo, files, bars: bars.length, written: true };
};

const simulate = async ({ seed, edge }: Made): Promise<Simulation> => {
  const instrument = (await readInstruments()).get(DEFAULT_MARKET.instrument);
  if (instrument === undefined)
    throw new RangeError(`configs/instruments has no ${DEFAULT_MARKET.instrument}, which the simulated market trades as`);
  const calendar = (await readCalendars()).get(instrument.calendar);
  if (calendar === undefined) throw new RangeError(`configs/calendars has no ${instrument.calendar}, by which ${instrument.id} trades`);
  return simulateDefaultMarket({ instrument, calendar: createCalendar(calendar), random: createRandom(seed, 'market'), edge });
};

const manifestFile = (folder: string): string => join(folder, 'simulation.json');

const readManifest = async (folder: string): Promise<z.infer<typeof manifest> | null> => {
  const text = await readFile(manifestFile(folder), 'utf8').catch(() => null);
  return text === null ? null : (manifest.safeParse(JSON.parse(text)).data ?? null);
};

/** Last of all, and whole: its presence says that the exports are. */
const writeManifest = async (folder: string, content: z.infer<typeof manifest>): Promise<void> => {
  await writeFile(`${manifestFile(folder)}.unfinished`, `${JSON.stringify(content, null, 2)}\n`, { flush: true });
  await rename(`${manifestFile(folder)}.unfinished`, manifestFile(folder));
};
