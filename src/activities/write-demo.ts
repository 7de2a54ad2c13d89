import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readCalendars, readInstruments } from '../config/read-files.js';
import type { RatchetConfig } from '../config/ratchet.js';
import { frequencyMs } from '../domain/bars.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { createRandom } from '../learning/random.js';
import { createCalendar } from '../market/calendar.js';
import type { Session } from '../market/calendar.js';
import { createSimulation } from '../market/simulation/create-simulation.js';
import { writeExports } from '../market/simulation/write-exports.js';

/** The instrument that the simulated market trades as. */
export const SIMULATED_INSTRUMENT = 'SIM';

/** A simulated market on disk, as NinjaTrader 8 would have exported it. */
export interface Demo {
  /** The folder to watch: nothing but exports is in it. */
  readonly folder: string;
  readonly files: number;
  readonly bars: number;
  readonly sessions: number;
  /** Annual Sharpe ratio, net of costs, of the known-optimal policy. */
  readonly edge: number;
  readonly seed: number;
  /** False when it was there already. */
  readonly written: boolean;
}

/** Another simulated market is in the folder; training on both together would prove nothing. */
export class DemoDiffers extends Error {
  override readonly name = 'DemoDiffers';
  constructor(folder: string, there: string, wanted: string) {
    super(
      `${folder} holds a simulated market made with ${there}, but one with ${wanted} is asked for: set RATCHET_HOME to another folder for it, or ask for the one that is there`,
    );
  }
}

const manifest = z.object({ made: z.record(z.string(), z.unknown()), files: z.number(), bars: z.number(), sessions: z.number() });
const MINUTE_MS = 60_000;

/**
 * Writes the simulated market that `config` describes into `folder`, unless it is there: the same configuration gives the same files.
 * What an interrupted call left is replaced. Throws `DemoDiffers`, `UnreachableEdge`, and `RangeError` when the calendar ends too early.
 */
export const writeDemo = async (folder: string, config: RatchetConfig): Promise<Demo> => {
  const { seed, edge, from } = config.simulation;
  const wanted = Math.ceil(config.simulation.heldOutSessions / config.evaluation.evaluationFraction);
  const decisionMinutes = frequencyMs(config.training.environment.frequency) / MINUTE_MS;
  const made = { edge, seed, from, sessions: wanted, decisionMinutes };
  const exports = join(folder, 'exports');
  const found = await readManifest(folder);
  if (found !== null) {
    if (canonicalJson(found.made) !== canonicalJson(made)) throw new DemoDiffers(folder, inWords(found.made), inWords(made));
    return { folder: exports, files: found.files, bars: found.bars, sessions: found.sessions, edge, seed, written: false };
  }
  const { instrument, sessions } = await market(from, wanted);
  const simulation = createSimulation({ instrument, edge, sessions, random: createRandom(seed, 'market'), decisionMinutes });
  await rm(exports, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = (await writeExports(simulation.bars, exports)).length;
  const counts = { files, bars: simulation.bars.length, sessions: sessions.length };
  await writeManifest(folder, { made, ...counts });
  return { folder: exports, ...counts, edge, seed, written: true };
};

const market = async (from: string, wanted: number) => {
  const instrument = (await readInstruments()).get(SIMULATED_INSTRUMENT);
  if (instrument === undefined)
    throw new RangeError(`configs/instruments has no ${SIMULATED_INSTRUMENT}, which the simulated market trades as`);
  const calendar = (await readCalendars()).get(instrument.calendar);
  if (calendar === undefined) throw new RangeError(`configs/calendars has no ${instrument.calendar}, by which ${instrument.id} trades`);
  const times = createCalendar(calendar);
  const { knownUntil } = times;
  const end = knownUntil === null ? Date.parse(from) + wanted * 8 * 86_400_000 : Date.parse(knownUntil);
  const sessions: readonly Session[] = times.sessions(Date.parse(from), end).slice(0, wanted);
  if (sessions.length < wanted)
    throw new RangeError(
      `the simulated market needs ${wanted} sessions from ${from} on, but calendar ${calendar.id} is known for ${sessions.length}, until ${knownUntil}: hold out fewer sessions (simulation.held_out_sessions), or begin earlier (simulation.from)`,
    );
  return { instrument, sessions };
};

const inWords = (made: Readonly<Record<string, unknown>>): string =>
  Object.entries(made)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

const manifestFile = (folder: string): string => join(folder, 'simulation.json');

const readManifest = async (folder: string): Promise<z.infer<typeof manifest> | null> => {
  const text = await readFile(manifestFile(folder), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = manifest.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
};

/** Last of all, and whole: its presence says that the exports are. */
const writeManifest = async (folder: string, content: z.infer<typeof manifest>): Promise<void> => {
  await writeFile(`${manifestFile(folder)}.unfinished`, `${JSON.stringify(content, null, 2)}\n`, { flush: true });
  await rename(`${manifestFile(folder)}.unfinished`, manifestFile(folder));
};
