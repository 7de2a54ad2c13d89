import { experienceJson } from './experience-json.js';
import type { Experience } from './experience.js';

/** Name of a day's file: `experience_buffer_20260302.jsonl`; the day as `YYYY-MM-DD`. */
export const dayFileName = (day: string): string => `experience_buffer_${day.replaceAll('-', '')}.jsonl`;

/** A day's experiences as NDJSON, those of `before` first; one that is there already, by its id, is not added. */
export const dayFile = (experiences: readonly Experience[], before = ''): { readonly content: string; readonly experiences: number } => {
  const lines = before.split('\n').filter((line) => line !== '');
  const known = new Set(lines.map(idOf));
  const added = experiences.filter(({ id }) => !known.has(id)).map((experience) => JSON.stringify(experienceJson(experience)));
  const all = [...lines, ...added];
  return { content: all.map((line) => `${line}\n`).join(''), experiences: all.length };
};

const idOf = (line: string): unknown => {
  const record: unknown = JSON.parse(line);
  return typeof record === 'object' && record !== null && 'id' in record ? record.id : null;
};
