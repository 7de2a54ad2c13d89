import { InvalidConfig, isGroup, merge, nested, type ConfigValues } from '../layers.js';
import { nearest } from '../nearest.js';
import type { Dialect } from './dialect.js';
import { settingsDialect } from './settings.js';
import { trainConfigDialect } from './train-config.js';
import { upperCaseDialect } from './upper-case.js';

const dialects = [settingsDialect, trainConfigDialect, upperCaseDialect] as const satisfies readonly Dialect[];

export interface Translated {
  readonly values: ConfigValues;
  /** What a person should know: keys without an effect. */
  readonly notices: readonly string[];
}

/** The dialect that a file's top-level keys belong to, or null for Ratchet's own form. */
export const dialectOf = (content: ConfigValues): Dialect | null =>
  dialects.find((dialect) => dialect.recognises(Object.keys(content))) ?? null;

/** Translates a file of a dialect. Throws `InvalidConfig` for a key that the dialect does not have. */
export const translate = (content: ConfigValues, dialect: Dialect): Translated => {
  let values: ConfigValues = {};
  const notices: string[] = [];
  const visit = (group: ConfigValues, prefix: string): void => {
    for (const [name, value] of Object.entries(group)) {
      const key = `${prefix}${name}`;
      const path = pathOf(key, dialect);
      const reason = dialect.unused[key];
      if (path !== undefined) values = merge(values, nested(path.split('.'), normal(value)));
      else if (reason !== undefined) notices.push(`${key} has no effect: ${reason}`);
      else if (isGroup(value)) visit(value, `${key}.`);
      else throw unknownKey(key, dialect);
    }
  };
  visit(content, '');
  return { values, notices };
};

/** Where a key goes, itself or by a pattern in which `*` stands for one name. */
const pathOf = (key: string, { paths }: Dialect): string | undefined => {
  if (paths[key] !== undefined) return paths[key];
  const parts = key.split('.');
  const starred = parts.map((name, i) => ({ name, path: paths[parts.with(i, '*').join('.')] })).find(({ path }) => path !== undefined);
  return starred?.path?.replace('*', starred.name);
};

/** Level names of other loggers are upper-case. */
const normal = (value: unknown): unknown =>
  typeof value === 'string' && /^(DEBUG|INFO|ERROR)$/.test(value) ? value.toLowerCase() : value === 'WARNING' ? 'warn' : value;

const unknownKey = (key: string, dialect: Dialect): InvalidConfig => {
  const meant = nearest(key, [...Object.keys(dialect.paths), ...Object.keys(dialect.unused)]);
  return new InvalidConfig(`${key} is not a key of the form ${dialect.name}${meant === null ? '' : `; did you mean ${meant}?`}`);
};
