import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../../src/learning/random.js';
import { isAlive } from '../support/learning/trainer-attempt.js';
import { faultRounds } from '../support/loops/fault-rounds.js';
import { someTimeInTraining, trainWhile, type Disturbance, type Trained, type TrainWhileOptions } from '../support/loops/train-while.js';
import { startProxy } from '../support/proxy.js';
import { startService } from '../support/services/services.js';
import { until } from '../support/until.js';

/** Twice what a worker may be silent before its activity is another's. */
const PARTED_MS = 180_000;
const STOPPED_MS = 60_000;
/** Until a trainer has ended that is not to train any more. */
const ENDED_WITHIN_MS = 60_000;

/** Faults of the long form alone: most of them take minutes, which a heartbeat's timeout lasts. */
const rounds = faultRounds({ short: 0, long: 10 });

describe('a training in chaos', function () {
  this.timeout(900_000);
  let undisturbed = '';

  before(async function () {
    if (rounds.length === 0 || process.platform !== 'linux') this.skip(); // processes are found through /proc
    undisturbed = (await trainWhile(() => Promise.resolve())).weightsHash;
  });

  const survives = (
    what: string,
    disturb: (random: () => number) => Disturbance,
    check: (trained: Trained) => void = () => undefined,
    options: () => TrainWhileOptions = () => ({}),
  ): void => {
    for (const round of rounds)
      it(`ends with the same weights ${what} (${round})`, async () => {
        const random = createRandom(round, what);
        const trained = await trainWhile(
          disturb(() => random.uniform()),
          options(),
        );
        assert.equal(trained.weightsHash, undisturbed);
        check(trained);
      });
  };

  survives(
    'when its worker is told to stop, which leaves no trainer behind, and another follows',
    (random) =>
      async (services, { environment }) => {
        const pid = await someTimeInTraining(services.trainer, random);
        await services.trainer.stop();
        assert.equal(isAlive(pid), false);
        services.trainer = await startService('trainer', environment);
      },
    ({ failures, epoch }) => {
      assert.deepEqual(failures, ['WorkerShutdown']);
      assert.equal(epoch, 3);
    },
  );

  survives(
    'when its worker is stopped for twice the heartbeat’s timeout and wakes beside another',
    (random) =>
      async (services, { environment }) => {
        const { trainer } = services;
        const pid = await someTimeInTraining(trainer, random);
        trainer.process.kill('SIGSTOP');
        services.others.push(await startService('trainer', environment));
        await delay(PARTED_MS);
        trainer.process.kill('SIGCONT');
        await until(() => !isAlive(pid), ENDED_WITHIN_MS);
      },
    ({ epoch }) => assert.equal(epoch, 3),
  );

  survives(
    'when its worker is killed while its trainer is stopped, which publishes nothing when it wakes',
    (random) =>
      async (services, { environment }) => {
        const pid = await someTimeInTraining(services.trainer, random);
        process.kill(pid, 'SIGSTOP');
        await services.trainer.kill();
        services.trainer = await startService('trainer', environment);
        const checkpoints = async (): Promise<string[]> =>
          (await readdir(join(environment.home, 'checkpoints', 'train-SIM-000001')).catch(() => []))
            .filter((name) => name.startsWith('step-'))
            .sort();
        const left = await checkpoints();
        await delay(STOPPED_MS);
        process.kill(pid, 'SIGCONT');
        await until(() => !isAlive(pid), ENDED_WITHIN_MS);
        assert.deepEqual(await checkpoints(), left);
      },
    ({ epoch }) => assert.equal(epoch, 3),
  );

  const proxies: Awaited<ReturnType<typeof startProxy>>[] = [];
  survives(
    'when its worker is cut off from Temporal for twice the heartbeat’s timeout',
    (random) =>
      async (services, { environment }) => {
        const proxy = proxies.at(-1) ?? assert.fail('no proxy');
        const pid = await someTimeInTraining(services.trainer, random);
        proxy.part();
        services.others.push(await startService('trainer', environment));
        await delay(PARTED_MS);
        assert.equal(isAlive(pid), false);
        proxy.join();
      },
    ({ epoch }) => assert.equal(epoch, 3),
    () => ({
      trainer: async (environment) => {
        const proxy = await startProxy(environment.temporalAddress);
        proxies.push(proxy);
        return { ...environment, temporalAddress: proxy.address };
      },
    }),
  );

  survives(
    'when the worker of its workflows is stopped for a minute',
    (random) =>
      async ({ orchestration, trainer }) => {
        await someTimeInTraining(trainer, random);
        orchestration.process.kill('SIGSTOP');
        await delay(STOPPED_MS);
        orchestration.process.kill('SIGCONT');
      },
    ({ epoch }) => assert.equal(epoch, 2),
  );

  for (const hours of [-1, 1])
    survives(
      `when the clock of its trainer is wrong by ${hours} h`,
      () => () => Promise.resolve(),
      ({ epoch }) => assert.equal(epoch, 2),
      () => ({
        trainer: (environment) =>
          Promise.resolve({
            ...environment,
            nodeOptions: `--import=${new URL(`./programs/skew-clock.js?hours=${hours}`, import.meta.url).href}`,
          }),
      }),
    );

  survives(
    'when its run is terminated, which ends the trainer, and it is resumed',
    (random) =>
      async ({ trainer }, { learners, terminate }) => {
        const pid = await someTimeInTraining(trainer, random);
        await terminate('train-SIM-000001');
        await until(() => !isAlive(pid), ENDED_WITHIN_MS);
        await until(async () => (await learners.status('SIM')).lastOutcome?.kind === 'stopped', ENDED_WITHIN_MS);
        await learners.resume('SIM');
      },
    () => undefined,
    () => ({ after: 'train-SIM-000001' }),
  );
});
