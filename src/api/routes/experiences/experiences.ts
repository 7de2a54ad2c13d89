import { createRoute, z } from '@hono/zod-openapi';
import type { Experience } from '../../../domain/experience/experience.js';
import { requireRole } from '../../access.js';
import type { Api } from '../../app.js';
import type { ApiDependencies } from '../../dependencies.js';
import { experienceBody, experienceSource, type ExperienceSourceQuery } from '../../experiences/body.js';
import { completeExperience, FieldRefused, instrumentOf, type ExperienceRules } from '../../experiences/complete-experience.js';
import { createGroupCommit } from '../../experiences/group-commit.js';
import { bodyOf, busy, orProblem } from '../../experiences/refusals.js';
import { isTimeZone } from '../../experiences/stamps.js';
import { conflict, takeBulk } from '../../experiences/take-bulk.js';
import { HttpProblem } from '../../problem.js';
import { answers, jsonBody } from '../answers.js';

/** Where bodies are longer than elsewhere and no JSON: they are read as they come. */
export const BULK_PATH = '/api/v1/experiences/bulk';

const LIMITS = { line: 512 * 1024, total: 64 * 1024 * 1024 };
/** Single ones that share a commit. */
const LARGEST_GROUP = 1_000;
const MOST_BULKS = 8;

const taken = z.object({ id: z.string().openapi({ description: 'of the experience, which is durable now' }) }).openapi('Taken');
const bulkTaken = z
  .object({ stored: z.number(), known: z.number().openapi({ description: 'stored before, with the same content' }), refused: z.number() })
  .openapi('BulkTaken');

/** Experiences come in: one by one, where many callers share a commit, and as NDJSON. What is acknowledged is durable. */
export const addExperienceRoutes = (api: Api, { instruments, registry, experiences }: ApiDependencies): void => {
  const rules: ExperienceRules = { instruments: new Set(instruments), ...experiences };
  const write = (all: readonly Experience[]) => registry.experiences.write(all);
  const commit = createGroupCommit({
    largest: LARGEST_GROUP,
    mostWaiting: experiences.mostWaiting,
    write: async (all: readonly Experience[]) => {
      const { conflicts } = await write(all);
      return all.map((_, at) => (conflicts.includes(at) ? 'conflict' : 'durable'));
    },
  });
  let bulks = 0;

  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/v1/experiences',
      middleware: [requireRole('operator')] as const,
      request: { query: experienceSource, body: jsonBody(experienceBody) },
      responses: answers(taken),
    }),
    async (context) => {
      const source = checkedSource(context.req.valid('query'));
      const body = context.req.valid('json');
      const { id } = await orProblem(async () => {
        const instrument = instrumentOf(body, source, rules);
        const schemas = await rules.schemasOf(instrument);
        const experience = completeExperience(body, source, { instrument, schemas, stateLength: rules.stateLength });
        if ((await commit(experience)) === 'durable') return experience;
        const { field, detail } = conflict(experience.id);
        throw new FieldRefused(field, detail);
      });
      return context.json({ id }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: 'post',
      path: BULK_PATH,
      description: 'One experience a line, 64 MB at most. 422 tells the lines that were not stored; all others are, and durable.',
      middleware: [requireRole('operator')] as const,
      request: {
        query: experienceSource,
        body: { content: { 'application/x-ndjson': { schema: z.string().openapi({ description: 'one Experience a line' }) } } },
      },
      responses: answers(bulkTaken),
    }),
    async (context) => {
      const source = checkedSource(context.req.valid('query'));
      if (bulks >= MOST_BULKS) throw busy(429, 'overloaded', `${bulks} bulks are being stored: send it again in a second`, 1);
      bulks++;
      try {
        const chunks = bodyOf(context);
        const { problems, ...counts } = await orProblem(() => takeBulk({ chunks, source, rules, write, limits: LIMITS }));
        if (counts.refused === 0) return context.json(counts, 200);
        const first = problems[0];
        throw new HttpProblem(
          422,
          'lines-refused',
          `${counts.refused} lines were not stored, the first being line ${first?.line ?? '?'}: ${first?.detail ?? ''}; all others were`,
          { ...counts, lines: problems },
        );
      } finally {
        bulks--;
      }
    },
  );
};

const checkedSource = (source: ExperienceSourceQuery): ExperienceSourceQuery => {
  const { time_zone: zone } = source;
  if (zone === undefined || isTimeZone(zone)) return source;
  throw new HttpProblem(
    422,
    'invalid-input',
    `time_zone ${JSON.stringify(zone)} does not exist: expected an IANA name such as Europe/Berlin`,
  );
};
