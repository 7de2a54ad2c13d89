import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readMarkets } from '../../activities/dependencies.js';
import { findExports } from '../../activities/market/find-exports.js';
import { merge, type ConfigValues } from '../../config/layers.js';
import { learnerSettings } from '../../config/learner-settings.js';
import { loadConfig, type LoadedConfig } from '../../config/load-config.js';
import { nearest } from '../../config/nearest.js';
import type { RatchetConfig } from '../../config/ratchet.js';
import { assertSharing } from '../../config/shared-with.js';
import { readInstruments, shippedConfigs } from '../../config/read-files.js';
import { instrumentId } from '../../domain/market/instrument.js';
import { UsedWrongly } from '../exit-codes.js';

/** What `ratchet start` was told. */
export interface StartOptions {
  readonly data?: string;
  readonly instrument?: string;
  readonly symbols?: readonly string[];
  readonly preset?: string;
  readonly config?: string;
  readonly once?: boolean;
  readonly demo?: boolean;
  readonly json?: boolean;
  readonly ephemeral?: boolean;
  /** Minutes between two looks for new data, hours between two trainings, and the net return below which production is trained anew. */
  readonly updateInterval?: number;
  readonly retrainInterval?: number;
  readonly performanceThreshold?: number;
}

/** What is to be run, and on what. */
export interface StartSettings {
  readonly config: RatchetConfig;
  /** Null when a configuration file says it all. */
  readonly preset: string | null;
  readonly source: DataSource;
  /** What a person should know: keys without an effect. */
  readonly notices: readonly string[];
}

export type DataSource =
  | { readonly kind: 'simulated' }
  | {
      readonly kind: 'exports';
      /** Folder or file, absolute. */
      readonly path: string;
      /** Instruments that have files now. */
      readonly instruments: readonly string[];
      readonly files: number;
      readonly unused: readonly string[];
    };

/** The preset of a first look, for those who have no configuration yet. */
const FIRST_RUN = 'first-run';

/** Resolves options, configuration and data. Throws `UsedWrongly` and what `loadConfig`, `assertSharing` and `learnerSettings` throw. */
export const resolveSettings = async (
  options: StartOptions,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Promise<StartSettings> => {
  if (options.demo === true && options.data !== undefined)
    throw new UsedWrongly('--demo and --data exclude each other: --demo trades the simulated market, --data your own exports');
  const preset = options.preset ?? (options.config === undefined ? FIRST_RUN : null);
  if (preset !== null) await checkPresets(preset);
  const layers = { ...(preset === null ? {} : { preset }), ...(options.config === undefined ? {} : { file: options.config }) };
  const flags = flagsOf(options);
  const loaded = await loadConfig({ ...layers, environment: variables, flags });
  const wanted = await wantedInstruments(options, loaded);
  assertSharing(loaded.config.sharedWith, await readMarkets(loaded.config.instruments));
  learnerSettings(loaded.config);
  const path = options.demo === true ? undefined : (options.data ?? loaded.config.watch.path);
  if (path === undefined) {
    if (wanted.some((id) => id !== SIMULATED))
      throw new UsedWrongly(`${wanted.join(', ')} cannot be traded without data: name the folder of its exports with --data DIR`);
    return { config: loaded.config, preset, source: { kind: 'simulated' }, notices: loaded.notices };
  }
  const source = await lookAt(resolve(path), wanted, loaded, options);
  const { config } = await loadConfig({
    ...layers,
    environment: variables,
    flags: merge(flags, { watch: { path: source.path, instruments: wanted } }),
  });
  return { config, preset, source, notices: loaded.notices };
};

const SIMULATED = 'SIM';

/** Settings that have an option of their own. */
const flagsOf = ({ updateInterval, retrainInterval, performanceThreshold }: StartOptions): ConfigValues => ({
  ...(updateInterval === undefined ? {} : { watch: { rescanSeconds: updateInterval * 60 } }),
  autoRetrain: {
    ...(retrainInterval === undefined ? {} : { retrainingIntervalHours: retrainInterval }),
    ...(performanceThreshold === undefined ? {} : { performanceThreshold }),
  },
});

const checkPresets = async (preset: string): Promise<void> => {
  const names = (await readdir(join(shippedConfigs(), 'presets'))).map((name) => name.replace(/\.yaml$/, ''));
  for (const name of preset.split(','))
    if (!names.includes(name))
      throw new UsedWrongly(`there is no preset ${JSON.stringify(name)}: expected ${names.join(', ')}, or several separated by commas`);
};

/** Ids that were asked for, else those of the configuration; each must be known. */
const wantedInstruments = async ({ instrument, symbols = [] }: StartOptions, { config }: LoadedConfig): Promise<string[]> => {
  const asked = [...(instrument === undefined ? [] : [instrument]), ...symbols].map(instrumentId);
  const wanted = [...new Set(asked.length > 0 ? asked : config.watch.instruments)];
  const known = await knownInstruments(config);
  for (const id of wanted) {
    if (known.includes(id)) continue;
    const meant = nearest(id, known);
    throw new UsedWrongly(
      `instrument ${id} is not configured${meant === null ? '' : `; did you mean ${meant}?`} Known are ${known.join(', ')}; add others under "instruments" of a file given with --config`,
    );
  }
  return wanted;
};

const knownInstruments = async (config: RatchetConfig): Promise<string[]> =>
  [...new Set([...(await readInstruments()).keys(), ...config.instruments.map(({ id }) => id)])].sort();

/** A path of a configuration file may still come into being; one that was typed must be there, and hold something when one decision is waited for. */
const lookAt = async (
  path: string,
  wanted: readonly string[],
  { config }: LoadedConfig,
  { data, once = false }: StartOptions,
): Promise<Extract<DataSource, { kind: 'exports' }>> => {
  const { state, instruments, files, unused } = await findExports(path, wanted, await knownInstruments(config));
  const source = { kind: 'exports', path, instruments, files, unused } as const;
  if (state === 'missing' && data !== undefined)
    throw new UsedWrongly(`--data ${path} does not exist: expected a folder of exports or one file`);
  if (state === 'unreadable') throw new UsedWrongly(`--data ${path} cannot be read: give this user the right to read it`);
  if (once && files === 0)
    throw new UsedWrongly(
      `${path} holds no export${wanted.length > 0 ? ` of ${wanted.join(', ')}` : ' that can be used'}${unused.length > 0 ? ` (${unused.slice(0, 3).join('; ')})` : ''}, so --once would wait for ever`,
    );
  return source;
};
