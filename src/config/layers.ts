import type { z } from 'zod';
import { nearest } from './nearest.js';
import { ratchetConfig, type RatchetConfig } from './ratchet.js';

/** One source of settings; later layers win, key by key, and lists are replaced whole. */
export interface ConfigLayer {
  /** Shown as the origin of its keys: `preset first-run`, `file ratchet.yaml`, `environment`, `flag`. */
  readonly origin: string;
  /** Nested plain data with camelCase keys. */
  readonly values: ConfigValues;
}

export type ConfigValues = Readonly<Record<string, unknown>>;

export interface ResolvedConfig {
  readonly config: RatchetConfig;
  /** Where the value at a dotted path comes from; `default` when no layer has set it. */
  readonly origin: (path: string) => string;
}

/** A setting that cannot be used; the message names the key, its value, where it was set and what was expected. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
}

/** Merges layers over the defaults and checks the result. Throws `InvalidConfig`. */
export const resolveConfig = (layers: readonly ConfigLayer[]): ResolvedConfig => {
  const merged = layers.reduce<ConfigValues>((below, layer) => merge(below, layer.values), {});
  const origins = new Map(layers.flatMap(({ origin, values }) => leaves(values).map((path) => [path, origin])));
  const origin = (path: string): string => origins.get(path) ?? [...origins].find(([set]) => set.startsWith(`${path}.`))?.[1] ?? 'default';
  const result = ratchetConfig.safeParse(merged);
  if (result.success) return { config: result.data, origin };
  throw new InvalidConfig(result.error.issues.map((issue) => explain(issue, merged, origin)).join('\n'));
};

/** Whether a value holds further settings by key. */
export const isGroup = (value: unknown): value is ConfigValues => typeof value === 'object' && value !== null && !Array.isArray(value);

/** One value at the end of a path of keys. */
export const nested = ([head = '', ...rest]: readonly string[], value: unknown): ConfigValues => ({
  [head]: rest.length === 0 ? value : nested(rest, value),
});

/** The keys of both; where both have a value, that of `above`, group by group. */
export const merge = (below: ConfigValues, above: ConfigValues): ConfigValues => {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    if (value === undefined) continue;
    const under = merged[key];
    merged[key] = isGroup(under) && isGroup(value) ? merge(under, value) : value;
  }
  return merged;
};

const leaves = (values: ConfigValues, prefix = ''): string[] =>
  Object.entries(values).flatMap(([key, value]) => (isGroup(value) ? leaves(value, `${prefix}${key}.`) : [`${prefix}${key}`]));

const at = (values: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (isGroup(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined), values);

const explain = (issue: z.core.$ZodIssue, merged: ConfigValues, origin: (path: string) => string): string => {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys')
    return `${path === '' ? 'the configuration' : snake(path)} (${origin(path)}) is ${JSON.stringify(at(merged, issue.path))}: ${issue.message}`;
  const group = at(DEFAULTS, issue.path);
  const known = isGroup(group) ? Object.keys(group) : [];
  return issue.keys
    .map((key) => {
      const full = path === '' ? key : `${path}.${key}`;
      const meant = nearest(key, known);
      return `${snake(full)} (${origin(full)}) is not a setting${meant === null ? '' : `; did you mean ${snake(meant)}?`} Known here: ${known.map(snake).join(', ')}`;
    })
    .join('\n');
};

const DEFAULTS: ConfigValues = ratchetConfig.parse({});

/** As the key is written in a file. */
const snake = (path: string): string => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
