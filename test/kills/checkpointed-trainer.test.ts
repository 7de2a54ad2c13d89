import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrainingJob } from '../../src/domain/training/trainer-protocol.js';
import { createRandom } from '../../src/learning/random.js';
import { faultRounds } from '../support/loops/fault-rounds.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startAttempt } from '../support/learning/trainer-attempt.js';
import { trainingJob } from '../support/learning/training-job.js';

/** Every algorithm with its kills: the DQN's in `npm test` are those of the tests around it, without options. */
const algorithms = {
  dqn: { short: 0, agent: { trunk: [32], head: 16, auxiliaryHead: 0, quantiles: 4, exploration: 'noisy', targetEvery: 50 } },
  pqn: {
    short: 1,
    agent: { algorithm: 'pqn', layerNorm: true, trunk: [32], head: 16, auxiliaryHead: 0, exploration: 'adaptive' },
    pqn: { rolloutSteps: 10, minibatches: 2 },
  },
} as const;

/** Trains a run to its end, killing its process once past each of the given steps, at a random moment; returns the exported bundle and the kills. */
const trainThrough = async (job: TrainingJob, steps: readonly number[], random: () => number) => {
  let kills = 0;
  for (let epoch = 1; ; epoch++) {
    const attempt = startAttempt({ ...job, epoch });
    const step = steps[kills];
    if (step === undefined) return { bundle: (await attempt.result).bundle, kills };
    await attempt.reached(step);
    await delay(60 * random()); // the moment of the kill is what varies
    process.kill(await attempt.started, 'SIGKILL');
    await assert.rejects(attempt.result, { type: 'TrainerCrashed' });
    kills++;
  }
};

describe('a trainer process', function () {
  this.timeout(1_800_000);
  const folder = temporaryFolder();

  for (const [algorithm, { short, ...settings }] of Object.entries(algorithms)) {
    const kills = faultRounds({ short, long: 50 }).length;
    if (kills === 0) continue;
    it(`of ${algorithm} that is killed ${kills} times at random moments ends with the same model, byte by byte`, async () => {
      const training = { ...settings, trainSteps: 8_000 + kills * 2_000, checkpointEvery: 200 };
      const [whole, killed] = await Promise.all(['whole', 'killed'].map((name) => trainingJob(join(folder(), algorithm, name), training)));
      const random = createRandom(kills, `kill ${algorithm}`);
      const undisturbed = await trainThrough(whole!, [], () => 0);
      const steps = Array.from({ length: kills }, (_, i) => Math.floor((i + random.uniform()) * 1_400));
      const disturbed = await trainThrough(killed!, steps, () => random.uniform());
      assert.equal(disturbed.kills, kills);
      assert.ok(undisturbed.bundle !== null);
      assert.equal(disturbed.bundle, undisturbed.bundle);
    });
  }
});
