import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { waitForTraining } from '../../src/client/watch-progress.js';
import { createRandom } from '../../src/learning/random.js';
import { childProcesses } from '../support/services/child-processes.js';
import { faultRounds } from '../support/loops/fault-rounds.js';
import { afterAllTests } from '../support/hooks.js';
import { startPostgresServer } from '../support/services/postgres-server.js';
import { startService, type Service } from '../support/services/services.js';
import { smallRatchet, writeSimulatedExports, type SmallRatchet } from '../support/services/small-ratchet.js';
import { until } from '../support/until.js';

/** Something that happens while a training runs; it may replace the trainer's service. */
type Disturbance = (services: { trainer: Service }, ratchet: SmallRatchet) => Promise<void>;

/** Trains from exports to a decision while something happens, and gives the hash of the registered weights and how often an attempt began. */
const trainWhile = async (
  disturb: Disturbance,
  database: { readonly databaseUrl?: string } = {},
): Promise<{ readonly weightsHash: string; readonly epoch: number }> => {
  const ratchet = await smallRatchet({ training: { trainSteps: 8_000, chunkSteps: 4_000 }, ...database });
  const [orchestration, cpu, trainer] = await Promise.all([
    startService('orchestration', ratchet.environment),
    startService('cpu', ratchet.environment),
    startService('trainer', ratchet.environment),
  ]);
  const services = { trainer };
  try {
    await ratchet.report(await writeSimulatedExports(ratchet.watched));
    const ended = waitForTraining(ratchet.learners, 'SIM', null, { everyMs: 200, signal: AbortSignal.timeout(300_000) });
    await Promise.all([disturb(services, ratchet), ended]);
    const { outcome } = await ended;
    assert.equal(outcome.kind, 'decided', outcome.summary);
    const [version] = await ratchet.registry.versions.list('SIM', 'default');
    const run = await ratchet.registry.runs.get(outcome.runId);
    assert.ok(version && run);
    return { weightsHash: version.weightsHash, epoch: run.epoch };
  } finally {
    await Promise.all([orchestration.stop(), cpu.stop(), services.trainer.stop()]);
  }
};

/** Waits until a trainer process trains, and a random time longer. */
const someTimeInTraining = async ({ trainer }: { trainer: Service }, random: () => number): Promise<number> => {
  const pid = trainer.process.pid ?? assert.fail('the service has ended');
  const find = async (): Promise<number | undefined> => (await childProcesses(pid, 'trainer-child'))[0];
  await until(async () => (await find()) !== undefined);
  await delay(4_000 * random()); // the moment of the fault is what varies
  await until(async () => (await find()) !== undefined); // the next chunk's, when the first one has ended
  return (await find()) ?? assert.fail('the trainer has ended');
};

describe('a training', function () {
  this.timeout(400_000);
  let undisturbed = '';

  before(async function () {
    if (process.platform !== 'linux') this.skip(); // processes are found through /proc
    undisturbed = (await trainWhile(() => Promise.resolve())).weightsHash;
  });

  for (const round of faultRounds({ short: 1, long: 20 }))
    it(`ends with the same weights when its trainer is killed at a random moment (${round})`, async () => {
      const random = createRandom(round, 'kill trainer');
      const { weightsHash, epoch } = await trainWhile(async (services) => {
        process.kill(await someTimeInTraining(services, () => random.uniform()), 'SIGKILL');
      });
      assert.equal(weightsHash, undisturbed);
      assert.equal(epoch, 3); // two chunks, and the attempt that took over
    });

  for (const round of faultRounds({ short: 1, long: 5 }))
    it(`ends with the same weights when the trainer's worker is killed at a random moment and started again (${round})`, async () => {
      const random = createRandom(round, 'kill worker');
      const { weightsHash } = await trainWhile(async (services, { environment }) => {
        await someTimeInTraining(services, () => random.uniform());
        await services.trainer.kill();
        services.trainer = await startService('trainer', environment);
      });
      assert.equal(weightsHash, undisturbed);
    });

  it('waits, saying so, while PostgreSQL is away, and ends with the same weights', async () => {
    const postgres = await startPostgresServer();
    afterAllTests(() => postgres.remove());
    const { weightsHash, epoch } = await trainWhile(
      async (services, { environment }) => {
        await someTimeInTraining(services, () => 0);
        await postgres.kill();
        const log = join(environment.home, 'trainer.log');
        await until(async () => (await readFile(log, 'utf8')).includes('training waits: whether it still owns its run cannot be known'));
        await postgres.start();
      },
      { databaseUrl: postgres.url },
    );
    assert.equal(weightsHash, undisturbed);
    assert.equal(epoch, 2); // two chunks, no attempt was lost
  });
});
