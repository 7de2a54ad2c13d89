import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { ApiRefused, apiAddress } from '../ask-api.js';
import { UsedWrongly } from '../exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import type { ImportOptions } from './options.js';

const taken = z.object({
  stored: z.number(),
  known: z.number(),
  refused: z.number(),
  open: z.number(),
  lines: z.array(z.object({ line: z.number(), detail: z.string(), text: z.string() })).default([]),
});
const problem = z.object({ detail: z.string() });

const SHOWN = 20;

/**
 * Sends a grid of trades or executions that NinjaTrader 8 exported to the running Ratchet and writes what became of it; rows that cannot be used go into a
 * file of the state folder with their lines and reasons, and make it false. Throws `UsedWrongly`, `NotRunning`, `ApiRefused`.
 */
export const importGrid = async (
  path: string,
  content: string,
  { timeZone, culture }: ImportOptions,
  { home, apiToken }: Environment,
  { write }: Terminal,
): Promise<boolean> => {
  if (timeZone === undefined)
    throw new UsedWrongly(
      `${path} says no time zone: name that of the computer that exported it with --time-zone, such as America/New_York`,
    );
  const url = new URL('/api/v1/experiences/nt8', await apiAddress(home));
  url.searchParams.set('time_zone', timeZone);
  if (culture !== undefined) url.searchParams.set('culture', culture);
  const authorization = apiToken === null ? {} : { authorization: `Bearer ${apiToken}` };
  const response = await fetch(url, { method: 'POST', headers: { ...authorization, 'content-type': 'text/csv' }, body: content });
  const answer: unknown = await response.json();
  const outcome = taken.safeParse(answer);
  if (!outcome.success) throw new ApiRefused(problem.safeParse(answer).data?.detail ?? `${url.href} answered with ${response.status}`);
  const { stored, known, refused, open, lines } = outcome.data;
  for (const { line, detail } of lines.slice(0, SHOWN)) write(`line ${line}: ${detail}\n`);
  write(`${stored} trades stored, ${known} known already, ${refused} refused${open === 0 ? '' : `; ${open} positions are still open`}\n`);
  if (refused === 0) return true;
  const name = `${basename(path)}.${createHash('sha256').update(content).digest('hex').slice(0, 12)}.jsonl`;
  const folder = join(home, 'experience_buffer', 'quarantine');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const rows = lines.map(({ line, detail, text }) => `${JSON.stringify({ file: path, line, reason: detail, text })}\n`);
  await writeFile(join(folder, name), rows.join(''));
  write(`the refused rows are in ${join(folder, name)}\n`);
  return false;
};
