import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../config/environment.js';
import { dayFileName } from '../../domain/experience/day-file.js';
import { readDocument } from '../ask-api.js';
import { UsedWrongly } from '../exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';

/** Writes one day of an instrument's experiences into a file. Throws `UsedWrongly`, `NotRunning`, `ApiRefused`. */
export const exportExperiences = async (
  { instrument, day, output }: { readonly instrument: string; readonly day: string; readonly output?: string },
  environment: Environment,
  { write }: Terminal,
): Promise<void> => {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new UsedWrongly(`--day is ${JSON.stringify(day)}: expected YYYY-MM-DD`);
  const content = await readDocument(environment, `/api/v1/experiences/days/${day}?instrument=${encodeURIComponent(instrument)}`);
  const path = output ?? join(process.cwd(), dayFileName(day));
  await writeFile(path, content);
  write(`${content.split('\n').length - 1} experiences of ${instrument} on ${day} written to ${path}\n`);
};
