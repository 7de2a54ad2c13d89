import Table from 'cli-table3';
import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { instrumentsAsked, openApi, type AskApi } from '../ask-api.js';
import { figure } from '../terminal/figures.js';
import type { Terminal } from '../terminal/terminal.js';
import type { ViewOptions } from './options.js';

const counts = z.array(z.object({ name: z.string(), experiences: z.number() }));
const statistics = z.object({
  instrument: z.string(),
  total: z.number(),
  stored: z.number(),
  annotated: z.number(),
  trades: z.number(),
  newest: z.string().nullable(),
  archivedDays: z.number(),
  buffer: z.object({ size: z.number(), filled: z.number() }),
  production: z.string().nullable(),
  versions: z.number(),
  perDay: counts,
  perVersion: counts,
});
const trade = z.object({
  id: z.string(),
  decisionTime: z.string(),
  value: z.number().nullable(),
  modelVersion: z.string().nullable(),
  tradeOutcome: z.object({ pnl: z.number(), duration: z.number(), action: z.string() }),
  reflectionInsight: z.object({ lessonsLearned: z.array(z.string()) }).nullable(),
});

/** Writes the counts, the best or the failed trades of each instrument. Throws `NotRunning`, `ApiRefused`. */
export const showExperiences = async (options: ViewOptions, environment: Environment, { write }: Terminal): Promise<void> => {
  const ask = await openApi(environment);
  const instruments = await instrumentsAsked(ask, options.instrument);
  const shown = await Promise.all(instruments.map((instrument) => view(ask, instrument, options)));
  if (options.json === true)
    write(
      `${JSON.stringify(
        shown.map(({ data }) => data),
        null,
        2,
      )}\n`,
    );
  else write(`${shown.map(({ text }) => text).join('\n')}\n`);
};

/** How many experiences of an instrument there are. Throws `NotRunning`, `ApiRefused`. */
export const experienceCounts = async (ask: AskApi, instrument: string): Promise<{ data: unknown; text: string }> => {
  const data = await ask(statistics, '/api/v1/experiences/stats', { instrument });
  return { data, text: describe(data) };
};

const view = async (ask: AskApi, instrument: string, { highValue, failed }: ViewOptions): Promise<{ data: unknown; text: string }> => {
  const list = highValue !== undefined ? 'high-value' : failed === undefined ? null : 'failed';
  if (list === null) return experienceCounts(ask, instrument);
  const trades = await ask(z.array(trade), `/api/v1/experiences/${list}`, { instrument, n: highValue ?? failed });
  return { data: { instrument, trades }, text: `${instrument}\n${trades.length === 0 ? 'none' : tableOf(trades)}` };
};

const describe = (found: z.output<typeof statistics>): string =>
  [
    `${found.instrument}: ${found.total} experiences ever, ${found.stored} stored, ${found.archivedDays} days archived, newest ${found.newest ?? 'none'}`,
    `  buffer ${found.buffer.filled} / ${found.buffer.size}; ${found.trades} trades, ${found.annotated} explained`,
    `  production ${found.production ?? 'none'}, versions in all ${found.versions}`,
    ...found.perDay.map(({ name, experiences }) => `  ${name}  ${experiences}`),
    ...found.perVersion.map(({ name, experiences }) => `  ${name}  ${experiences}`),
  ].join('\n');

const tableOf = (trades: readonly z.output<typeof trade>[]): string => {
  const table = new Table({
    head: ['decided', 'trade', 'outcome', 'value', 'minutes', 'version', 'lessons'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const { decisionTime, tradeOutcome, value, modelVersion, reflectionInsight } of trades)
    table.push([
      decisionTime,
      tradeOutcome.action,
      tradeOutcome.pnl.toFixed(2),
      figure(value),
      (tradeOutcome.duration / 60).toFixed(1),
      modelVersion ?? '',
      reflectionInsight?.lessonsLearned.join('; ') ?? '',
    ]);
  return table.toString();
};
