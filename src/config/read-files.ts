import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { instrumentId } from '../domain/market/instrument.js';
import type { Instrument } from '../domain/market/instrument.js';
import { calendarConfig } from './sections/calendar.js';
import type { CalendarConfig } from './sections/calendar.js';
import { instrumentConfig } from './sections/instrument.js';
import { camelKeys } from './keys.js';

/** A configuration file cannot be used; the message names the file, the key and what was expected. */
export class InvalidConfigFile extends Error {
  override readonly name = 'InvalidConfigFile';
}

/** The `configs` folder that ships with Ratchet. */
export const shippedConfigs = (): string => fileURLToPath(new URL('../../../configs', import.meta.url));

/** Reads one YAML or JSON file with snake_case keys by its schema. Throws `InvalidConfigFile`. */
export const readConfigFile = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
  try {
    const result = schema.safeParse(camelKeys(parse(await readFile(path, 'utf8'))));
    if (result.success) return result.data;
    throw new InvalidConfigFile(`${path}: ${z.prettifyError(result.error)}`);
  } catch (error) {
    if (error instanceof InvalidConfigFile) throw error;
    throw new InvalidConfigFile(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};

/** Every instrument of `configs/instruments`, by id. Throws `InvalidConfigFile` and `InvalidInstrumentId`. */
export const readInstruments = async (configs = shippedConfigs()): Promise<ReadonlyMap<string, Instrument>> => {
  const instruments = await readFolder(join(configs, 'instruments'), instrumentConfig);
  return new Map(instruments.map((instrument) => [instrumentId(instrument.id), instrument]));
};

/** Every calendar of `configs/calendars`, by id. Throws `InvalidConfigFile`. */
export const readCalendars = async (configs = shippedConfigs()): Promise<ReadonlyMap<string, CalendarConfig>> => {
  const calendars = await readFolder(join(configs, 'calendars'), calendarConfig);
  return new Map(calendars.map((calendar) => [calendar.id, calendar]));
};

const readFolder = async <T>(folder: string, schema: z.ZodType<T>): Promise<T[]> => {
  const names = (await readdir(folder)).filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  return Promise.all(names.map((name) => readConfigFile(join(folder, name), schema)));
};
