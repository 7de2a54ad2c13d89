import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { openApi, openApiToTell } from '../../src/cli/ask-api.js';
import { listedTransfer, transferTable } from '../../src/cli/transfers/transfer-table.js';
import { afterAllTests } from '../support/hooks.js';
import { smallSettings } from '../support/small-settings.js';
import { homeProcesses, killHome } from '../support/services/home-processes.js';
import { startCommand, type StartCommand } from '../support/services/start-command.js';
import { sharedFolder } from '../support/shared.js';

const INSTRUMENT = 'BTC-USDT';
const progress = z.object({
  phase: z.string(),
  bucket: z.string().nullable(),
  runId: z.string().nullable(),
  failure: z.object({ message: z.string() }).nullable(),
  results: z.array(
    z.object({ bucket: z.string(), result: z.object({ kind: z.string(), summary: z.string(), transfer: listedTransfer.optional() }) }),
  ),
});

/** Four short trainings, each with six shorter ones that measure what was handed on to it. */
const settings = {
  ...smallSettings({
    training: {
      environment: { frequency: '5m', lookback: 8, priceBins: 5, quantityBins: 5 },
      agent: { trunk: [32, 32], head: 16, auxiliaryHead: 0 },
      trainSteps: 2_000,
      checkpointEvery: 500,
    },
  }),
  watch: { settleSeconds: 0.2 },
  autoRetrain: { debounceSeconds: 0.5, retrainingIntervalHours: 0 },
  paper: { enabled: false },
  evaluation: { bootstrapReplicates: 200 },
  progressive: { episodesPerBucket: 8, minGradientSteps: 200, pauseBetweenBucketsSeconds: 0, transfer: { control: { steps: 2_000 } } },
};

describe('a sequence through all four buckets on real five-minute bars of Bitcoin', function () {
  this.timeout(3_600_000);

  it('ends though its trainer, its worker and then everything is killed, and tells what each transfer did', async function () {
    const shared = sharedFolder();
    if (process.env.RATCHET_FAULTS !== 'long' || process.platform !== 'linux' || shared === null) {
      this.skip(); // an hour's work in small: RATCHET_FAULTS=long, with market data beside the repository
      return;
    }
    const folder = await mkdtemp(join(tmpdir(), 'ratchet-sequence-'));
    const home = join(folder, 'home');
    afterAllTests(async () => {
      await killHome(home);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    const config = join(folder, 'config.json');
    await writeFile(config, JSON.stringify(settings));
    const csv = join(shared, 'data/crypto/BTC_USDT-5m.csv');
    const start = (): Promise<StartCommand> =>
      startCommand({ home, args: ['--config', config, '--data', csv, '--instrument', INSTRUMENT] });

    let command = await start();
    await command.told(({ event }) => event === 'ended');
    const { id } = await (
      await openApiToTell({ home, apiToken: null })
    )(z.object({ id: z.string() }), '/api/v1/sequences', { instrument: INSTRUMENT });
    const look = async (): Promise<z.infer<typeof progress>> =>
      (await openApi({ home, apiToken: null }))(progress, `/api/v1/sequences/${id}`);
    const untilTrains = async (bucket: string): Promise<void> => {
      await eventually(async () => (await look()).bucket === bucket);
      await eventually(async () => (await processOf(home, 'trainer-child')) !== null);
    };

    await untilTrains('Scalping');
    process.kill((await processOf(home, 'trainer-child')) ?? assert.fail('no trainer'), 'SIGKILL');
    await untilTrains('Short');
    process.kill((await processOf(home, 'workers/trainer.js')) ?? assert.fail('no worker'), 'SIGKILL');
    await untilTrains('Medium');
    await killHome(home);
    assert.equal(await command.ended, null);
    command = await start();
    await command.told(({ event }) => event === 'ready');

    await eventually(async () => ['done', 'failed', 'stopped'].includes((await look().catch(() => null))?.phase ?? ''));
    const { phase, failure, results } = await look();
    assert.equal(phase, 'done', failure?.message);
    assert.deepEqual(results.map(({ bucket, result }) => [bucket, result.kind]), ['Scalping', 'Short', 'Medium', 'Long'].map((bucket) => [bucket, 'decided'])); // prettier-ignore
    const transfers = results.flatMap(({ result }) => result.transfer ?? []);
    process.stderr.write(`${transferTable(transfers)}\n`);
    assert.deepEqual(transfers.map(({ from, to }) => [from.bucket, to]), [['Scalping', 'Short'], ['Short', 'Medium'], ['Medium', 'Long']]); // prettier-ignore
    for (const { effect } of transfers) assert.ok(effect.measured && effect.seeds === 3);
  });
});

const processOf = async (home: string, part: string): Promise<number | null> =>
  (await homeProcesses(home)).find(({ command }) => command.includes(part))?.pid ?? null;

/** Waits for what takes minutes; the test's own limit ends it. */
const eventually = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await delay(500);
};
