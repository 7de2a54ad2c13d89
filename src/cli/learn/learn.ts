import type { Client } from '@temporalio/client';
import { runFineTuning, runMaintenance } from '../../client/continuous-learning/run-to-end.js';
import { createLearnerClient } from '../../client/learner-client.js';
import { listLearners } from '../../client/list-learners.js';
import type { Environment } from '../../config/environment.js';
import type { FineTuningResult } from '../../domain/finetuning/export.js';
import { retrainDue } from '../../domain/triggers/retrain-due.js';
import { instrumentId } from '../../domain/market/instrument.js';
import { instrumentsAsked, openApi } from '../ask-api.js';
import { UsedWrongly } from '../exit-codes.js';
import { experienceCounts } from '../experiences/show-experiences.js';
import { runningEndpoints } from '../running.js';
import type { Terminal } from '../terminal/terminal.js';
import { withClient } from '../with-client.js';

/** Options of `ratchet learn`. */
export interface LearnOptions {
  readonly mode: string;
  readonly instrument?: string;
  readonly json?: boolean;
}

/** What a step has come to, for programs and for people. */
interface Done {
  readonly data: unknown;
  readonly text: string;
}

interface Asked {
  readonly client: Client;
  readonly environment: Environment;
  /** Null for all. */
  readonly instrument: string | null;
}

type Step = (asked: Asked) => Promise<Done>;

/** Does the steps of a mode one after another and writes what each came to. Throws `UsedWrongly`, `NotRunning`, `ApiRefused`, `NoAnswer`, `WorkFailed`. */
export const learn = async ({ mode, instrument, json }: LearnOptions, environment: Environment, { write }: Terminal): Promise<void> => {
  const wanted = mode === 'all' ? Object.entries(steps) : Object.entries(steps).filter(([name]) => name === mode);
  if (wanted.length === 0)
    throw new UsedWrongly(`--mode ${JSON.stringify(mode)} is not known: expected ${Object.keys(steps).join(', ')} or all`);
  const named = instrument === undefined ? null : instrumentId(instrument);
  const outcome: Record<string, unknown> = {};
  await withClient(await runningEndpoints(environment.home), async (client) => {
    for (const [name, step] of wanted) {
      const { data, text } = await step({ client, environment, instrument: named });
      outcome[name] = data;
      if (json !== true) write(`${name}: ${text}\n`);
    }
  });
  if (json === true) write(`${JSON.stringify(outcome, null, 2)}\n`);
};

const maintain: Step = async ({ client, environment, instrument }) => {
  const done = await runMaintenance(client);
  const ask = await openApi(environment);
  const counts = await Promise.all((await instrumentsAsked(ask, instrument ?? undefined)).map((one) => experienceCounts(ask, one)));
  return { data: { done, statistics: counts.map(({ data }) => data) }, text: [done, ...counts.map(({ text }) => text)].join('\n') };
};

const retrainIfDue: Step = async ({ client, instrument }) => {
  const learners = createLearnerClient({ client });
  const results = await Promise.all(
    (instrument === null ? await listLearners(client) : [instrument]).map(async (one) => {
      const status = await learners.status(one);
      const { due, why } = retrainDue(status);
      if (!due) return { instrument: one, due, why, run: null };
      // The cycle names the request: asking twice before its training begins asks once.
      const { run } = await learners.retrain(one, { reason: why, requestId: `learn-after-${status.cycle}` });
      return { instrument: one, due, why, run };
    }),
  );
  const lines = results.map(({ instrument: one, why, run }) => `${one}: ${run === null ? `not due: ${why}` : `due: ${why}: ${run}`}`);
  return { data: results, text: lines.join('\n') || 'no instrument has a learner yet' };
};

const fineTuneIfDue: Step = async ({ client, instrument }) => {
  const result = await runFineTuning(client, instrument);
  return { data: result, text: describeSet(result) };
};

const describeSet = (result: FineTuningResult): string => {
  if (result.kind === 'notDue') return `not due: ${result.annotated} of ${result.needed} trades were explained since the last set`;
  const { counts, files, heldOutFrom } = result.manifest;
  return [
    `${counts.training} examples to learn from and ${counts.heldOut} held out (from ${heldOutFrom ?? 'never'}) of ${counts.annotated} explained trades: ` +
      `${counts.highValue} of high value, ${counts.failed} failed, ${counts.duplicates} left out as duplicates, ${counts.purged} purged`,
    ...files.map(({ name, rows, sha256 }) => `  ${result.folder}/${name}  ${rows} rows  sha256 ${sha256.slice(0, 12)}`),
  ].join('\n');
};

/** Every mode but `all`, in its order. */
const steps: Readonly<Record<string, Step>> = { maintenance: maintain, retrain: retrainIfDue, finetune: fineTuneIfDue };
