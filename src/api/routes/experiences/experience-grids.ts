import { createRoute, z } from '@hono/zod-openapi';
import { cultureOf } from '../../../domain/nt8/culture.js';
import { requireRole } from '../../access.js';
import type { Api } from '../../app.js';
import type { ApiDependencies } from '../../dependencies.js';
import { FieldRefused } from '../../experiences/complete-experience.js';
import { StreamTooLarge } from '../../experiences/read-lines.js';
import { bodyOf, orProblem } from '../../experiences/refusals.js';
import { isTimeZone } from '../../experiences/stamps.js';
import { takeGrid } from '../../experiences/take-grid.js';
import { HttpProblem } from '../../problem.js';
import { answers } from '../answers.js';

/** Where a body is an exported grid. */
export const GRID_PATH = '/api/v1/experiences/nt8';

const MOST_BYTES = 32 * 1024 * 1024;

const query = z.object({
  time_zone: z.string().max(64).openapi({ description: 'of the computer that exported it', example: 'America/New_York' }),
  culture: z.string().max(35).default('en-US').openapi({ description: 'that the computer writes numbers and dates by', example: 'de-DE' }),
});
const gridTaken = z
  .object({
    stored: z.number(),
    known: z.number().openapi({ description: 'stored before, with the same content' }),
    refused: z.number(),
    open: z.number().openapi({ description: 'positions that the grid opens and does not close' }),
  })
  .openapi('GridTaken');

/** NinjaTrader 8's grids of trades or executions come in, each position that was opened and closed as one experience. */
export const addExperienceGridRoute = (api: Api, { registry, experiences }: ApiDependencies): void => {
  api.openapi(
    createRoute({
      method: 'post',
      path: GRID_PATH,
      description:
        'An exported grid of trades or executions, 32 MB at most. 422 tells the lines that were not stored; all others are, and durable.',
      middleware: [requireRole('operator')] as const,
      request: { query, body: { content: { 'text/csv': { schema: z.string() } } } },
      responses: answers(gridTaken),
    }),
    async (context) => {
      const { time_zone: timeZone, culture: tag } = context.req.valid('query');
      const { problems, ...counts } = await orProblem(async () => {
        const culture = cultureOf(tag);
        if (culture === null) throw new FieldRefused('culture', `is ${JSON.stringify(tag)}: expected a BCP 47 tag such as en-US or de-DE`);
        if (!isTimeZone(timeZone))
          throw new FieldRefused('time_zone', `${JSON.stringify(timeZone)} does not exist: expected an IANA name such as Europe/Berlin`);
        const text = await textOf(bodyOf(context));
        return takeGrid({ text, culture, timeZone, instruments: experiences.contracts, write: (all) => registry.experiences.write(all) });
      });
      if (counts.refused === 0) return context.json(counts, 200);
      throw new HttpProblem(
        422,
        'lines-refused',
        `${counts.refused} lines were not stored, the first being line ${problems[0]?.line ?? '?'}: ${problems[0]?.detail ?? ''}; all others were`,
        { ...counts, lines: problems },
      );
    },
  );
};

const textOf = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new StreamTooLarge(MOST_BYTES);
    parts.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
};
