import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDemo } from '../../activities/market/write-demo.js';
import { connectClient } from '../../client/connect.js';
import { createLearnerClient } from '../../client/learner-client.js';
import { waitForTraining } from '../../client/watch-progress.js';
import type { Environment } from '../../config/environment.js';
import { loadConfig } from '../../config/load-config.js';
import { claimHome } from '../../runtime/home.js';
import { startRatchet } from '../../runtime/supervise.js';
import { openLogFiles } from '../../telemetry/log-files.js';
import { createLogger } from '../../telemetry/logger.js';
import type { Terminal } from '../terminal/terminal.js';
import { trainBuckets, type TrainOptions } from './train-buckets.js';

/** Every part as in earnest, but short: what is tried is that it works, not what it learns. */
const short = {
  serving: { port: 0, canaryMinutes: 0 },
  training: { trainSteps: 2_000, batchSize: 64, trainEvery: 8, bufferSize: 2_000, checkpointEvery: 1_000, epsilon: { decaySteps: 1_500 } },
  progressive: { minGradientSteps: 50, pauseBetweenBucketsSeconds: 0, transfer: { control: { steps: 1_000 } } },
  evaluation: { bootstrapReplicates: 200 },
} as const;

/**
 * Trains a sequence on the simulated market with servers, registry and folders of its own, which are removed again, and follows it to its end. True
 * when every bucket was judged; false when one failed or `stop` was aborted before. Throws what starting Ratchet throws.
 */
export const selfTest = async (
  options: TrainOptions,
  environment: Environment,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<boolean> => {
  const root = await mkdtemp(join(tmpdir(), 'ratchet-self-test-'));
  const scratch = { ...environment, home: root, databaseUrl: null, temporalAddress: null };
  const say = (text: string): void => (options.json === true ? undefined : terminal.write(`${text}\n`));
  const home = await claimHome(root);
  const logs = openLogFiles({ folder: home.logs, maxBytes: 10_000_000, keep: 1 });
  try {
    const { config } = await loadConfig({ preset: 'first-run', flags: short });
    const { folder, instrument } = await writeDemo(home.demo, config.simulation);
    say(`self-test on ${root}: bringing everything up on the simulated market`);
    const ratchet = await startRatchet({
      home,
      environment: scratch,
      config: { ...config, watch: { ...config.watch, path: folder, instruments: [instrument] } },
      logger: createLogger('info', logs.transports),
      report: () => undefined,
      ephemeral: true,
      signal: stop,
    });
    try {
      const tried = async (): Promise<boolean> => {
        await firstTraining(ratchet.endpoints.variables, instrument, stop);
        say('a first training has taken in the bars');
        return trainBuckets({ ...options, wait: true, instrument }, scratch, terminal);
      };
      return await Promise.race([tried(), aborted(stop)]);
    } finally {
      await ratchet.stop();
    }
  } finally {
    await logs.close();
    await home.release();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
};

const aborted = (signal: AbortSignal): Promise<false> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });

/** The bars are ingested by the learner's first training. */
const firstTraining = async (variables: Readonly<Record<string, string>>, instrument: string, signal: AbortSignal): Promise<void> => {
  const client = connectClient(variables);
  try {
    await waitForTraining(createLearnerClient({ client }), instrument, null, { signal });
  } finally {
    await client.connection.close();
  }
};
