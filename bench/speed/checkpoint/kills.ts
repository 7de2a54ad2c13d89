import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { trainingConfig } from '../../../src/config/sections/training.js';
import { checkpointNames } from '../../../src/learning/checkpoint/manifest.js';
import { writeExports } from '../../../src/market/simulation/write-exports.js';
import { closeAfterAllTests } from '../../../test/support/hooks.js';
import { testSimulation } from '../../../test/support/market/simulation.js';
import { childProcesses } from '../../../test/support/services/child-processes.js';
import { startService, type Service } from '../../../test/support/services/services.js';
import { smallRatchet } from '../../../test/support/services/small-ratchet.js';
import type { Figure } from '../../figure.js';

/** Sessions of the simulated market: two years of minutes. */
const SESSIONS = 500;
/** A checkpoint by which the network has learned for a while; the default warm-up is 10,000 steps. */
const [CHECKPOINT_EVERY, LEARNED_BY] = [4_000, 16_000];
const PATIENCE_MS = 900_000;
/** Seconds until training goes on after a kill, the worker's 20 beyond the heartbeat's timeout, and megabytes that the process may take. */
const LIMITS = { trainer: 10, worker: 90 + 20, memory: 1.5 * 1_024 } as const;

/**
 * A training at the default configuration under the real services, but with a checkpoint every 4,000 steps: the most memory that its process took
 * by step 16,000, and the time from a kill, of the process and then of its worker, until training goes on. Throws anywhere but on Linux.
 */
export const killFigures = async (): Promise<Figure[]> => {
  if (process.platform !== 'linux') throw new Error(`processes are found through /proc: expected linux, this is ${process.platform}`);
  const ratchet = await smallRatchet({ training: trainingConfig.parse({ checkpointEvery: CHECKPOINT_EVERY }) });
  const { home } = ratchet.environment;
  const begins = async (): Promise<number> => (await readFile(join(home, 'trainer.log'), 'utf8')).split('"training started"').length - 1;
  const others = await Promise.all((['orchestration', 'cpu'] as const).map((name) => startService(name, ratchet.environment)));
  let worker = await startService('trainer', ratchet.environment);
  try {
    const { bars } = await testSimulation({ edge: 2, sessions: SESSIONS, decisionMinutes: 15 });
    await ratchet.report(await writeExports(bars, ratchet.watched));
    await reach(async () => (await newestCheckpoint(join(home, 'checkpoints'))) >= LEARNED_BY);
    const trainer = await trainerOf(worker);
    const memory = await peakMegabytes(trainer);
    const secondsAfter = async (kill: () => Promise<void>): Promise<number> => {
      const [before, start] = [await begins(), performance.now()];
      await kill();
      await reach(async () => (await begins()) > before);
      return (performance.now() - start) / 1_000;
    };
    const afterTrainer = await secondsAfter(() => Promise.resolve(void process.kill(trainer, 'SIGKILL')));
    const afterWorker = await secondsAfter(async () => {
      await worker.kill();
      worker = await startService('trainer', ratchet.environment);
    });
    return [
      { figure: 'trainer process, most memory', value: memory, unit: 'MB', limit: LIMITS.memory, ratio: LIMITS.memory / memory },
      {
        figure: 'training again after its process is killed',
        value: afterTrainer,
        unit: 's',
        limit: LIMITS.trainer,
        ratio: LIMITS.trainer / afterTrainer,
      },
      {
        figure: 'training again after its worker is killed',
        value: afterWorker,
        unit: 's',
        limit: LIMITS.worker,
        ratio: LIMITS.worker / afterWorker,
      },
    ];
  } finally {
    await Promise.all([...others, worker].map((service) => service.stop()));
    await closeAfterAllTests();
  }
};

/** Waits until a condition holds, looked at each 20 ms. */
const reach = async (holds: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`this did not come to hold within ${PATIENCE_MS} ms: ${holds.toString()}`);
    await delay(20);
  }
};

/** Step of the newest checkpoint of any run; -1 before the first. */
const newestCheckpoint = async (folder: string): Promise<number> => {
  const runs = await readdir(folder).catch(() => []);
  const names = await Promise.all(runs.map((run) => readdir(join(folder, run))));
  return Math.max(-1, ...names.flatMap((each) => checkpointNames(each).map(({ step }) => step)));
};

const trainerOf = async (worker: Service): Promise<number> => {
  const [trainer] = await childProcesses(worker.process.pid ?? -1, 'trainer-child');
  if (trainer === undefined) throw new Error('the worker has no trainer process: see its log');
  return trainer;
};

/** The most memory that a process has had resident. */
const peakMegabytes = async (pid: number): Promise<number> => {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
};
