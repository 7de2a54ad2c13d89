import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { dialectOf, translate, type Translated } from './dialects/translate.js';
import { camelMapping } from './keys.js';
import {
  InvalidConfig,
  isGroup,
  merge,
  nested,
  resolveConfig,
  type ConfigLayer,
  type ConfigValues,
  type ResolvedConfig,
} from './layers.js';
import { shippedConfigs } from './read-files.js';

export interface ConfigRequest {
  /** Names of files in `configs/presets`, separated by commas; later ones win. */
  readonly preset?: string;
  /** YAML or JSON: Ratchet's own form or one of the dialects, recognised by its keys. */
  readonly file?: string;
  /** Variables `RATCHET__GROUP__KEY`, such as `RATCHET__GATE__PROFILE=strict`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly flags?: ConfigValues;
}

export interface LoadedConfig extends ResolvedConfig {
  readonly notices: readonly string[];
}

/** Resolves defaults < preset < file < environment < flags. Throws `InvalidConfig`. */
export const loadConfig = async ({ preset, file, environment = {}, flags = {} }: ConfigRequest): Promise<LoadedConfig> => {
  const layers: ConfigLayer[] = [];
  const notices: string[] = [];
  for (const name of preset?.split(',') ?? []) {
    const path = join(shippedConfigs(), 'presets', `${name}.yaml`);
    layers.push({ origin: `preset ${name}`, values: (await readLayer(path)).values });
  }
  if (file !== undefined) {
    const layer = await readLayer(file);
    layers.push({ origin: `file ${basename(file)}`, values: layer.values });
    notices.push(...layer.notices);
  }
  layers.push({ origin: 'environment', values: environmentLayer(environment) }, { origin: 'flag', values: flags });
  return { ...resolveConfig(layers), notices };
};

const readLayer = async (path: string): Promise<Translated> => {
  const content = await readMapping(path);
  const dialect = dialectOf(content);
  return dialect === null ? { values: camelSettings(content), notices: [] } : translate(content, dialect);
};

/** `camelMapping` of settings; below `shared_with` the keys are instruments and stay as they are written. */
const camelSettings = (written: ConfigValues): ConfigValues => {
  const { shared_with: sharedWith, ...settings } = written;
  return { ...camelMapping(settings), ...(sharedWith === undefined ? {} : { sharedWith }) };
};

const readMapping = async (path: string): Promise<ConfigValues> => {
  let content: unknown;
  try {
    content = parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InvalidConfig(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (content === null || content === undefined) return {};
  if (!isGroup(content))
    throw new InvalidConfig(`${path} holds ${Array.isArray(content) ? 'a list' : typeof content}: expected a mapping of settings`);
  return content;
};

const PREFIX = 'RATCHET__';

const environmentLayer = (variables: Readonly<Record<string, string | undefined>>): ConfigValues => {
  const set = Object.entries(variables).filter(([name, text]) => name.startsWith(PREFIX) && text !== undefined);
  const below = set.find(([name]) => name.toUpperCase().startsWith(`${PREFIX}SHARED_WITH__`));
  if (below !== undefined)
    throw new InvalidConfig(
      `${below[0]} cannot name an instrument, whose letters may be small: set ${PREFIX}SHARED_WITH to a mapping such as {MNQ: [MES]}, or shared_with in the file`,
    );
  const groups = set.map(([name, text]) => nested(name.slice(PREFIX.length).toLowerCase().split('__'), parse(text ?? '')));
  return camelSettings(groups.reduce(merge, {}));
};
