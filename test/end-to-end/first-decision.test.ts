import assert from 'node:assert/strict';
import { waitForTraining } from '../../src/client/watch-progress.js';
import { startService } from '../support/services/services.js';
import { smallRatchet, writeSimulatedExports } from '../support/services/small-ratchet.js';

describe('the path from exports to a decision', () => {
  it('freezes, trains in a process of its own, judges and registers a version that answers as baseline when it proved nothing', async () => {
    const { environment, watched, registry, learners, report, workersOf } = await smallRatchet();
    const services = await Promise.all((['orchestration', 'cpu', 'trainer'] as const).map((name) => startService(name, environment)));
    try {
      await report(await writeSimulatedExports(watched));

      const { outcome, decision } = await waitForTraining(learners, 'SIM', null, { everyMs: 200, signal: AbortSignal.timeout(120_000) });

      assert.equal(outcome.kind, 'decided', outcome.summary);
      const run = await registry.runs.get('train-SIM-000001');
      assert.ok(run);
      assert.deepEqual([run.instrument, run.epoch, run.finishedAt === null], ['SIM', 2, false]); // two chunks, one attempt each
      const strangers = [...(await workersOf(outcome.runId))].filter((pid) => services.every((service) => service.process.pid !== pid));
      assert.deepEqual(strangers, [], 'only these services may have worked on it');
      const [version] = await registry.versions.list('SIM', 'default');
      assert.equal(version?.name, decision?.version);
      assert.equal(version?.simulated, true);
      const [recorded] = await registry.decisions.list({ instrument: 'SIM' });
      assert.equal(recorded?.decision.verdict, decision?.verdict);
      const live = await registry.production.current('SIM', 'default');
      assert.equal(live?.version, decision?.version);
      assert.equal(live?.role, decision?.verdict === 'PROMOTE' ? 'production' : 'baseline');
      assert.equal((await registry.runMetrics.ofRun('train-SIM-000001')).at(-1)?.step, 4_000);
    } finally {
      await Promise.all(services.map((service) => service.stop()));
    }
  }).timeout(180_000);
});
