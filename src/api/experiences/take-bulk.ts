import type { Experience } from '../../domain/experience/experience.js';
import type { WriteOutcome } from '../../registry/experiences/write-experiences.js';
import type { ExperienceSourceQuery } from './body.js';
import { FieldRefused, type ExperienceRules } from './complete-experience.js';
import { parseLine } from './parse-line.js';
import { readLineGroups, type LineLimits, type LongLine } from './read-lines.js';

/** Why a line was not stored; lines count from 1. */
export interface LineProblem {
  readonly line: number;
  readonly field: string;
  readonly detail: string;
}

export interface BulkOutcome {
  readonly stored: number;
  /** Stored before, with the same content. */
  readonly known: number;
  readonly refused: number;
  /** The first of those that were refused. */
  readonly problems: readonly LineProblem[];
}

export interface BulkOptions {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly source: ExperienceSourceQuery;
  readonly rules: ExperienceRules;
  readonly write: (experiences: readonly Experience[]) => Promise<WriteOutcome>;
  readonly limits: LineLimits;
}

/** Experiences of one statement. */
const BATCH = 1_000;
const SHOWN_PROBLEMS = 1_000;

/**
 * Stores the experiences of a stream of NDJSON: the next ones are read while some are being written. A line that cannot be stored is told and keeps
 * no other back. When it returns, all that it counts as stored is durable. Throws `StreamTooLarge` and what `write` throws; what was stored stays.
 */
export const takeBulk = async ({ chunks, source, rules, write, limits }: BulkOptions): Promise<BulkOutcome> => {
  const problems: LineProblem[] = [];
  let [stored, known, refused, number] = [0, 0, 0, 0];
  let batch: { readonly line: number; readonly experience: Experience }[] = [];
  let writing: Promise<void> = Promise.resolve();

  const refuse = (problem: LineProblem): void => {
    refused++;
    if (problems.length < SHOWN_PROBLEMS) problems.push(problem);
  };

  const store = async (lines: typeof batch): Promise<void> => {
    const outcome = await write(lines.map(({ experience }) => experience));
    stored += outcome.stored;
    known += outcome.known;
    for (const at of outcome.conflicts) refuse({ line: lines[at]?.line ?? 0, ...conflict(lines[at]?.experience.id ?? '') });
  };

  const flush = async (): Promise<void> => {
    await writing;
    writing = store(batch);
    writing.catch(() => undefined); // thrown at the next flush
    batch = [];
  };

  for await (const lines of readLineGroups(chunks, limits)) {
    for (const line of lines) {
      number++;
      try {
        const experience = await readLine(line, source, rules, limits);
        if (experience !== null) batch.push({ line: number, experience });
      } catch (error) {
        if (!(error instanceof FieldRefused)) throw error;
        refuse({ line: number, field: error.field, detail: error.message });
      }
      if (batch.length >= BATCH) await flush();
    }
  }
  await flush();
  await writing;
  return { stored, known, refused, problems: problems.sort((a, b) => a.line - b.line) };
};

/** What is said of an id that stands for something else. */
export const conflict = (id: string): { readonly field: string; readonly detail: string } => ({
  field: 'id',
  detail: `id ${JSON.stringify(id)} is stored already with other content: an id stands for one experience`,
});

const readLine = (
  line: string | LongLine,
  source: ExperienceSourceQuery,
  rules: ExperienceRules,
  limits: LineLimits,
): Promise<Experience | null> => {
  if (typeof line !== 'string') throw new FieldRefused('record', `has ${line.bytes} bytes: expected ${limits.line} at most`);
  return /\S/.test(line) ? parseLine(line, source, rules) : Promise.resolve(null);
};
