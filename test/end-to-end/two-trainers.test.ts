import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { waitForTraining } from '../../src/client/watch-progress.js';
import { childProcesses } from '../support/services/child-processes.js';
import { startService } from '../support/services/services.js';
import { smallRatchet, writeSimulatedExports } from '../support/services/small-ratchet.js';
import { until } from '../support/until.js';

describe('two trainers in folders of their own', function () {
  this.timeout(300_000);

  it('train two instruments at once, and share artifacts, checkpoints and registry alone', async function () {
    if (process.platform !== 'linux') this.skip(); // processes are found through /proc
    const instruments = ['SIM', 'SIM2'] as const;
    const ratchet = await smallRatchet({ training: { trainSteps: 8_000, chunkSteps: 8_000 }, instruments });
    const { environment } = ratchet;
    const homes = ['trainer-1', 'trainer-2'].map((name) => join(environment.home, name));
    await Promise.all(homes.map((home) => mkdir(home)));
    const [orchestration, cpu, ...trainers] = await Promise.all([
      startService('orchestration', environment),
      startService('cpu', environment),
      ...homes.map((home) => startService('trainer', { ...environment, home, store: environment.home })),
    ]);
    const isTraining = async ({ process: { pid } }: (typeof trainers)[number]): Promise<boolean> =>
      (await childProcesses(pid ?? 0, 'trainer-child')).length > 0;
    try {
      for (const instrument of instruments)
        await ratchet.report(await writeSimulatedExports(join(ratchet.watched, instrument), { instrument }), instrument);
      const ended = Promise.all(
        instruments.map((instrument) =>
          waitForTraining(ratchet.learners, instrument, null, { everyMs: 200, signal: AbortSignal.timeout(240_000) }),
        ),
      );
      await until(async () => (await Promise.all(trainers.map(isTraining))).every(Boolean), 60_000, 200);
      for (const { outcome } of await ended) {
        assert.equal(outcome.kind, 'decided', outcome.summary);
        assert.equal((await ratchet.registry.runs.get(outcome.runId))?.epoch, 1); // one attempt, whoever trained it
      }
      assert.deepEqual(
        (await Promise.all(instruments.map((instrument) => ratchet.registry.versions.list(instrument, 'default')))).map(
          ({ length }) => length,
        ),
        [1, 1],
      );
      for (const home of homes) assert.deepEqual((await readdir(home)).sort(), ['cache', 'trainer.log']);
    } finally {
      await Promise.all([orchestration, cpu, ...trainers].map((service) => service.stop()));
    }
  });
});
