import { z } from 'zod';
import type { Experience } from '../../domain/experience/experience.js';
import type { Queries } from '../database/database.js';
import { columnArrays, contentHash, INSERT } from './columns.js';

/** What became of experiences that were to be stored. */
export interface WriteOutcome {
  readonly stored: number;
  /** Those whose id was stored before, with the same content. */
  readonly known: number;
  /** Positions of those whose id was stored before with other content: they were not stored. */
  readonly conflicts: readonly number[];
}

/** Stores experiences in one statement; they are durable when it returns. What is stored already is left as it is. */
export const writeExperiences = async (queries: Queries, experiences: readonly Experience[]): Promise<WriteOutcome> => {
  if (experiences.length === 0) return { stored: 0, known: 0, conflicts: [] };
  const [written] = await queries.query(z.object({ stored: z.number() }), INSERT, columnArrays(experiences));
  const stored = written?.stored ?? 0;
  if (stored === experiences.length) return { stored, known: 0, conflicts: [] };
  const hashes = await storedHashes(queries, experiences);
  const conflicts = experiences.flatMap((experience, at) => (isSame(contentHash(experience), hashes.get(experience.id)) ? [] : [at]));
  return { stored, known: experiences.length - stored - conflicts.length, conflicts };
};

const hashed = z.object({ id: z.string(), contentHash: z.instanceof(Uint8Array) });

const storedHashes = async (queries: Queries, experiences: readonly Experience[]): Promise<ReadonlyMap<string, Uint8Array>> => {
  const ids = JSON.stringify(experiences.map(({ id }) => id));
  const rows = await queries.query(
    hashed,
    'select id, content_hash from experience where id = any (select jsonb_array_elements_text($1::jsonb))',
    [ids],
  );
  return new Map(rows.map(({ id, contentHash: hash }) => [id, hash]));
};

const isSame = (one: Uint8Array, other: Uint8Array | undefined): boolean => other !== undefined && Buffer.compare(one, other) === 0;
