import type { Experience } from '../../domain/experience/experience.js';
import { experienceBody, type ExperienceBody, type ExperienceSourceQuery } from './body.js';
import { completeExperience, FieldRefused, instrumentOf, type ExperienceRules } from './complete-experience.js';

/** The experience that a line of NDJSON tells. Throws `FieldRefused`. */
export const parseLine = async (line: string, source: ExperienceSourceQuery, rules: ExperienceRules): Promise<Experience> => {
  const body = checkedBody(readJson(line));
  const instrument = instrumentOf(body, source, rules);
  const schemas = await rules.schemasOf(instrument);
  return completeExperience(body, source, { instrument, schemas, stateLength: rules.stateLength });
};

const checkedBody = (value: unknown): ExperienceBody => {
  const result = experienceBody.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw new FieldRefused('record', 'is not an experience');
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
  const field = path.length === 0 ? 'record' : path.join('.');
  throw new FieldRefused(field, `is ${shown(valueAt(value, path))}: ${issue.message}`);
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined), value);

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60));

/** JSON as other languages write it, with NaN and infinities, which are handed on as text so that their field can be named. */
const readJson = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (error) {
    const named = line.replace(/(?<=[[:,]\s*)-?(NaN|Infinity)(?=\s*[,\]}])/g, (token) => JSON.stringify(token));
    if (named !== line) return readNamed(named, error);
    throw malformed(error);
  }
};

const readNamed = (line: string, first: unknown): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    throw malformed(first);
  }
};

const malformed = (error: unknown): FieldRefused =>
  new FieldRefused('record', `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
