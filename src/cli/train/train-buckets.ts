import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Environment } from '../../config/environment.js';
import { instrumentId } from '../../domain/market/instrument.js';
import { instrumentsAsked, openApi, openApiToTell, type AskApi } from '../ask-api.js';
import { onlyInstrument } from '../only-instrument.js';
import type { Terminal } from '../terminal/terminal.js';
import { crossHeads, crossRows } from '../../domain/sequence/cross-evaluation.js';
import { listedTransfer, plainTable, transferTable } from '../transfers/transfer-table.js';
import { sequenceBody, type TrainOptions } from './train-options.js';

export type { TrainOptions } from './train-options.js';

const FOLLOW_EVERY_MS = 2_000;

const started = z.object({ id: z.string() });
const progress = z.object({
  id: z.string(),
  phase: z.string(),
  bucket: z.string().nullable(),
  runId: z.string().nullable(),
  underWay: z.array(z.object({ bucket: z.string(), runId: z.string() })).default([]),
  across: z
    .object({
      models: z.array(z.object({ bucket: z.string(), version: z.string(), runId: z.string() })),
      returns: z.array(z.array(z.number().nullable())),
    })
    .nullish(),
  failures: z.array(z.object({ bucket: z.string(), message: z.string(), advice: z.string() })),
  results: z.array(
    z.object({
      bucket: z.string(),
      source: z.object({ bucket: z.string(), version: z.string() }).nullable(),
      because: z.string().optional(),
      result: z.object({
        kind: z.string(),
        summary: z.string(),
        version: z.string().optional(),
        verdict: z.string().optional(),
        transfer: listedTransfer.optional(),
      }),
    }),
  ),
});
type Progress = z.infer<typeof progress>;

/**
 * Starts a sequence of buckets, or tells the newest one to go on, pause or stop; with `wait` follows it to its end. True unless a bucket failed or
 * the sequence was stopped while it was followed. Throws `UsedWrongly`, `NotRunning`, `ApiRefused`.
 */
export const trainBuckets = async (options: TrainOptions, environment: Environment, { write }: Terminal): Promise<boolean> => {
  const ask = await openApi(environment);
  const tell = await openApiToTell(environment);
  const instrument =
    options.instrument === undefined
      ? onlyInstrument(await instrumentsAsked(ask, undefined), 'no instrument is watched: start Ratchet on exports first')
      : instrumentId(options.instrument);
  const line = (text: string): void => {
    if (options.json !== true) write(`${text}\n`);
  };
  if (options.pause === true || options.stop === true) {
    const verb = options.pause === true ? 'pause' : 'stop';
    const { id } = await tell(started, `/api/v1/instruments/${encodeURIComponent(instrument)}/sequence/${verb}`);
    write(options.json === true ? `${JSON.stringify({ id })}\n` : `${id} was told to ${verb}.\n`);
    return true;
  }
  const { id } = await tell(started, '/api/v1/sequences', sequenceBody(options, instrument));
  line(
    `${id} ${options.resume === true ? 'goes on' : 'has begun'}; ratchet train --pause, --resume or --stop; in the Temporal Web UI: workflow ${id}`,
  );
  const end = options.wait === true ? await follow(ask, id, line) : null;
  const transfers = end?.results.flatMap(({ result }) => result.transfer ?? []) ?? [];
  if (transfers.length > 0) line(transferTable(transfers));
  if (end?.across)
    line(`Net return of each model at the task of each bucket:\n${plainTable(crossHeads(end.across), crossRows(end.across))}`);
  if (options.json === true) write(`${JSON.stringify(end ?? { id }, null, 2)}\n`);
  return end === null || end.phase === 'done';
};

/** Tells what becomes of each bucket until the sequence ends or waits for a person. */
const follow = async (ask: AskApi, id: string, line: (text: string) => void): Promise<Progress> => {
  let told = 0;
  const begun = new Set<string>();
  for (;;) {
    const now = await ask(progress, `/api/v1/sequences/${id}`);
    for (const { bucket, source, because, result } of now.results.slice(told)) {
      const chosen = because === undefined ? '' : ` (${because})`;
      const from = source === null ? chosen : `, started from ${source.bucket} ${source.version}${chosen}`;
      line(
        `${bucket}: ${result.version === undefined ? result.kind : `${result.verdict ?? ''} ${result.version}`}${from}. ${result.summary}`,
      );
    }
    told = now.results.length;
    for (const { bucket, runId } of now.underWay) {
      if (!begun.has(runId)) line(`${bucket}: training as ${runId}`);
      begun.add(runId);
    }
    for (const { bucket, message, advice } of now.failures) line(`${bucket} failed: ${message}; ${advice}. Then: ratchet train --resume`);
    if (now.failures.length > 0 || ['done', 'stopped'].includes(now.phase)) return now;
    await delay(FOLLOW_EVERY_MS);
  }
};
