import Table from 'cli-table3';
import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { instrumentsAsked, openApi, type AskApi } from '../ask-api.js';
import type { Terminal } from '../terminal/terminal.js';

/** Options of `ratchet lessons`. */
export interface LessonsOptions {
  readonly instrument?: string;
  readonly count?: string;
  /** Id of an experience. */
  readonly beside?: string;
  readonly json?: boolean;
}

const lessons = z.array(z.object({ lesson: z.string(), trades: z.number(), won: z.number(), pnl: z.number(), newest: z.string() }));
const nearest = z.array(
  z.object({
    id: z.string(),
    decisionTime: z.string(),
    distance: z.number(),
    action: z.string(),
    pnl: z.number(),
    duration: z.number(),
    lessonsLearned: z.array(z.string()),
  }),
);

/** Writes the lessons of each instrument, or the past trades most like one. Throws `NotRunning`, `ApiRefused`. */
export const showLessons = async (options: LessonsOptions, environment: Environment, { write }: Terminal): Promise<void> => {
  const ask = await openApi(environment);
  const told = options.beside === undefined ? await lessonsOf(ask, options) : await besides(ask, options.beside, options);
  write(`${options.json === true ? JSON.stringify(told.data, null, 2) : told.text}\n`);
};

interface Told {
  readonly data: unknown;
  readonly text: string;
}

const lessonsOf = async (ask: AskApi, { instrument: named, count }: LessonsOptions): Promise<Told> => {
  const instruments = await instrumentsAsked(ask, named);
  const data = await Promise.all(
    instruments.map(async (instrument) => ({ instrument, lessons: await ask(lessons, '/api/v1/lessons', { instrument, n: count }) })),
  );
  const text = data
    .map(({ instrument, lessons: found }) => `${instrument}\n${found.length === 0 ? 'none' : lessonTable(found)}`)
    .join('\n');
  return { data, text };
};

const besides = async (ask: AskApi, id: string, { count }: LessonsOptions): Promise<Told> => {
  const data = await ask(nearest, `/api/v1/experiences/${encodeURIComponent(id)}/nearest`, { n: count });
  return { data, text: data.length === 0 ? 'none' : nearestTable(data) };
};

const style = { head: [], border: [], compact: true };

const lessonTable = (found: z.output<typeof lessons>): string => {
  const table = new Table({ head: ['lesson', 'trades', 'won', 'mean outcome', 'newest'], colAligns: ['left', 'right', 'right', 'right', 'left'], style }); // prettier-ignore
  for (const { lesson, trades, won, pnl, newest } of found)
    table.push([lesson, String(trades), `${(100 * won).toFixed(0)} %`, pnl.toFixed(2), newest]);
  return table.toString();
};

const nearestTable = (found: z.output<typeof nearest>): string => {
  const table = new Table({ head: ['decided', 'trade', 'outcome', 'minutes', 'distance', 'lessons'], colAligns: ['left', 'left', 'right', 'right', 'right', 'left'], style }); // prettier-ignore
  for (const { decisionTime, action, pnl, duration, distance, lessonsLearned } of found)
    table.push([decisionTime, action, pnl.toFixed(2), (duration / 60).toFixed(1), distance.toFixed(2), lessonsLearned.join('; ')]);
  return table.toString();
};
