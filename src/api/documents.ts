import { z } from '@hono/zod-openapi';
import { ArtifactMissing } from '../domain/artifact-errors.js';
import type { ArtifactStore } from '../domain/ports.js';
import { HttpProblem } from './problem.js';
import { answers } from './routes/answers.js';

/** What a page of ours may load: it carries its style, and nothing that runs. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** As a page for people, or as all its numbers. */
export const documentQuery = z.object({ format: z.enum(['html', 'json']).default('html') });

/** The responses of a route that answers with a document. */
export const documentAnswers = (description: string) => {
  const { 200: json, default: refusal } = answers(z.unknown(), description);
  return { 200: { description, content: { ...json.content, 'text/html': { schema: z.string() } } }, default: refusal };
};

/** A document as it goes out: its text, its headers, and the artifact that it is. Throws a 410 when it was deleted. */
export const readDocument = async (artifacts: ArtifactStore, id: string, format: 'html' | 'json') => {
  try {
    const type = format === 'json' ? 'application/json' : 'text/html; charset=utf-8';
    return { text: new TextDecoder().decode(await artifacts.get(id)), headers: { 'content-type': type, 'x-artifact': id } };
  } catch (error) {
    if (error instanceof ArtifactMissing) throw new HttpProblem(410, 'document-deleted', error.message);
    throw error;
  }
};
