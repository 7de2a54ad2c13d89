import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { ApiRefused, apiAddress } from '../ask-api.js';
import { UsedWrongly } from '../exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import { importGrid } from './import-grid.js';
import type { ImportOptions } from './options.js';

const taken = z.object({
  stored: z.number(),
  known: z.number(),
  refused: z.number(),
  lines: z.array(z.object({ line: z.number(), detail: z.string() })).default([]),
});
const problem = z.object({ detail: z.string() });

/** Bytes of one request: the API takes 64 MB. */
const REQUEST_BYTES = 32 * 1024 * 1024;
const SHOWN = 20;

/** Sends a day file, or a grid of NinjaTrader 8, to the running Ratchet and writes what became of its records; false when some were refused. Throws `UsedWrongly`, `NotRunning`, `ApiRefused`. */
export const importExperiences = async (
  file: string,
  options: ImportOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<boolean> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsedWrongly(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (/\.csv$/i.test(file)) return importGrid(file, text, options, environment, terminal);
  const { instrument, timeZone, stateLength } = options;
  const { home, apiToken } = environment;
  const { write } = terminal;
  const url = new URL('/api/v1/experiences/bulk', await apiAddress(home));
  const query = { instrument, time_zone: timeZone, state_length: stateLength };
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const authorization = apiToken === null ? {} : { authorization: `Bearer ${apiToken}` };
  const sum = { stored: 0, known: 0, refused: 0 };
  let sent = 0;
  for (const lines of requests(recordsOf(text))) {
    const headers = { ...authorization, 'content-type': 'application/x-ndjson' };
    const response = await fetch(url, { method: 'POST', headers, body: lines.join('\n') });
    const answer: unknown = await response.json();
    const outcome = taken.safeParse(answer);
    if (!outcome.success) throw new ApiRefused(problem.safeParse(answer).data?.detail ?? `${url.href} answered with ${response.status}`);
    for (const { line, detail } of outcome.data.lines.slice(0, Math.max(0, SHOWN - sum.refused)))
      write(`record ${sent + line}: ${detail}\n`);
    sum.stored += outcome.data.stored;
    sum.known += outcome.data.known;
    sum.refused += outcome.data.refused;
    sent += lines.length;
  }
  write(`${sum.stored} experiences stored, ${sum.known} known already, ${sum.refused} refused\n`);
  return sum.refused === 0;
};

/** One record a line, whether the file is NDJSON, a JSON list, or one JSON object. */
const recordsOf = (text: string): string[] => {
  const whole = wholeJson(text);
  if (whole === null) return text.split('\n').filter((line) => line.trim() !== '');
  return (Array.isArray(whole) ? whole : [whole]).map((record: unknown) => JSON.stringify(record));
};

/** Null for NDJSON of more than one line. */
const wholeJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

function* requests(lines: readonly string[]): Generator<string[]> {
  let [batch, bytes]: [string[], number] = [[], 0];
  for (const line of lines) {
    if (bytes > 0 && bytes + line.length > REQUEST_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(line);
    bytes += line.length + 1;
  }
  if (batch.length > 0) yield batch;
}
