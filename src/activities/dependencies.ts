import { instrumentConfig } from '../config/sections/instrument.js';
import { readCalendars, readInstruments } from '../config/read-files.js';
import type { RatchetConfig } from '../config/ratchet.js';
import type { Instrument } from '../domain/market/instrument.js';
import type { ArtifactStore, Logger } from '../domain/ports.js';
import { createCalendar, type Calendar } from '../market/calendar.js';
import type { Registry } from '../registry/open-registry.js';

/** What activities are made of; the worker injects it once. */
export interface ActivityDependencies {
  readonly registry: Registry;
  readonly artifacts: ArtifactStore;
  readonly config: RatchetConfig;
  readonly markets: Markets;
  readonly folders: ActivityFolders;
  readonly logger: Logger;
}

/** Folders of this machine, absolute. */
export interface ActivityFolders {
  /** The watched folder, or the one watched file; null when nothing is watched. */
  readonly watched: string | null;
  readonly bars: string;
  readonly checkpoints: string;
  readonly artifacts: string;
  readonly temporary: string;
}

/** What is traded, and when. */
export interface Markets {
  /** Ids of all instruments that are configured. */
  readonly ids: readonly string[];
  /** Throws `InstrumentUnknown`. */
  readonly instrument: (id: string) => Instrument;
  /** Throws `InstrumentUnknown`. */
  readonly calendarOf: (instrument: Instrument) => Calendar;
}

/** Nothing says what a price step of this instrument is, or what trading it costs. */
export class InstrumentUnknown extends Error {
  override readonly name = 'InstrumentUnknown';
}

/** The instruments and calendars of `configs`, with those of the configuration. Throws `InvalidConfigFile`. */
export const readMarkets = async (added: RatchetConfig['instruments']): Promise<Markets> => {
  const [shipped, calendars] = await Promise.all([readInstruments(), readCalendars()]);
  const instruments = new Map([...shipped, ...added.map((instrument) => [instrument.id, instrumentConfig.parse(instrument)] as const)]);
  return {
    ids: [...instruments.keys()],
    instrument: (id) =>
      instruments.get(id) ?? unknown(`instrument ${id} is not configured: add it to \`instruments\` or configs/instruments`),
    calendarOf: ({ id, calendar }) => {
      const config = calendars.get(calendar);
      return config === undefined
        ? unknown(`calendar ${calendar} of instrument ${id} is not in configs/calendars`)
        : createCalendar(config);
    },
  };
};

const unknown = (message: string): never => {
  throw new InstrumentUnknown(message);
};
