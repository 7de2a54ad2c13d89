import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '../../src/learning/random.js';
import { afterAllTests } from '../support/hooks.js';
import { isAlive } from '../support/learning/trainer-attempt.js';
import { faultRounds } from '../support/loops/fault-rounds.js';
import { someTimeInTraining, trainWhile } from '../support/loops/train-while.js';
import { startPostgresServer } from '../support/services/postgres-server.js';
import { startService } from '../support/services/services.js';
import { until } from '../support/until.js';

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
        process.kill(await someTimeInTraining(services.trainer, () => random.uniform()), 'SIGKILL');
      });
      assert.equal(weightsHash, undisturbed);
      assert.equal(epoch, 3); // two chunks, and the attempt that took over
    });

  for (const round of faultRounds({ short: 1, long: 10 }))
    it(`ends with the same weights when the trainer's worker is killed at a random moment and started again (${round})`, async () => {
      const random = createRandom(round, 'kill worker');
      const { weightsHash } = await trainWhile(async (services, { environment }) => {
        const pid = await someTimeInTraining(services.trainer, () => random.uniform());
        await services.trainer.kill();
        await until(() => !isAlive(pid)); // an orphan ends itself
        services.trainer = await startService('trainer', environment);
      });
      assert.equal(weightsHash, undisturbed);
    });

  it('waits, saying so, while PostgreSQL is away, and ends with the same weights', async () => {
    const postgres = await startPostgresServer();
    afterAllTests(() => postgres.remove());
    const { weightsHash, epoch } = await trainWhile(
      async (services, { environment }) => {
        await someTimeInTraining(services.trainer, () => 0);
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
