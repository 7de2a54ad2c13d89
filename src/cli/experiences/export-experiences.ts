import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { dayFileName } from '../../domain/experience/day-file.js';
import { openApi, readDocument } from '../ask-api.js';
import { UsedWrongly } from '../exit-codes.js';
import type { Terminal } from '../terminal/terminal.js';
import type { ExportOptions } from './options.js';

/** Writes an instrument's experiences into a file for each day. Throws `UsedWrongly`, `NotRunning`, `ApiRefused`. */
export const exportExperiences = async (
  { instrument, day, output }: ExportOptions,
  environment: Environment,
  { write }: Terminal,
): Promise<void> => {
  if (day !== undefined && !/^\d{4}-\d\d-\d\d$/.test(day)) throw new UsedWrongly(`--day is ${JSON.stringify(day)}: expected YYYY-MM-DD`);
  const save = async (one: string, path: string): Promise<void> => {
    const content = await readDocument(environment, `/api/v1/experiences/days/${one}?instrument=${encodeURIComponent(instrument)}`);
    await writeFile(path, content);
    write(`${content.split('\n').length - 1} experiences of ${instrument} on ${one} written to ${path}\n`);
  };
  if (day !== undefined) return save(day, output ?? join(process.cwd(), dayFileName(day)));
  const folder = output ?? process.cwd();
  await mkdir(folder, { recursive: true });
  const days = await (await openApi(environment))(z.array(z.string()), '/api/v1/experiences/days', { instrument });
  for (const one of days) await save(one, join(folder, dayFileName(one)));
  if (days.length === 0) write(`${instrument} has no experiences yet\n`);
};
