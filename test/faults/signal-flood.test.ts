import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { taskQueues } from '../../src/domain/orchestration/task-queues.js';
import { flood, type Flood, type FloodResult } from '../support/loops/flood.js';
import { startService } from '../support/services/services.js';
import { freshNamespace, temporal, workflowBundle } from '../support/services/temporal.js';

const isLong = process.env.RATCHET_FAULTS === 'long';
/** Unique ids of each round: with the repeats 25,000 sends in the long form, 12,500 of them in one burst. */
const rounds = isLong ? [10_000, ...Array.from({ length: 10 }, () => 1_000)] : [400, 100, 100];
const batch = isLong ? 50 : 5;
/** Longer than a killed worker takes to be replaced: the learner must not see quiet where there was none. */
const quietMs = isLong ? 5_000 : 2_000;
/** Events after which the server advises to continue as new. */
const limit = isLong ? 60 : 40;
/** Runs of the learner's workflow, each continued as the next; a burst takes place in one. */
const leastRuns = isLong ? 6 : 3;

/** Floods a learner whose worker is a process of its own that is killed twice, in the middle of a round. */
const floodWithKills = async (options: Pick<Flood, 'kind' | 'settings'>): Promise<FloodResult> => {
  const environment = await temporal({ suggestContinueAsNewAfter: limit });
  const namespace = freshNamespace();
  const service = {
    home: await mkdtemp(join(tmpdir(), 'ratchet-flood-')),
    databaseUrl: '',
    temporalAddress: environment.connection.options.address,
    temporalNamespace: namespace,
    config: '',
  };
  let orchestration = await startService('orchestration', service);
  try {
    return await flood({
      ...options,
      environment,
      namespace,
      rounds,
      batch,
      disturb: async (round) => {
        if (round > 1) return;
        await orchestration.kill();
        orchestration = await startService('orchestration', service);
      },
    });
  } finally {
    await orchestration.stop();
  }
};

/** Floods a learner of a bundle's workflows, which run in the test's own process. */
const floodWith = async (
  bundle: WorkflowBundleOption,
  options: Pick<Flood, 'kind' | 'settings' | 'rounds' | 'meanwhile'>,
): Promise<FloodResult> => {
  const environment = await temporal({ suggestContinueAsNewAfter: limit });
  const namespace = freshNamespace();
  const service = { databaseUrl: '', temporalAddress: environment.connection.options.address, temporalNamespace: namespace, config: '' };
  const home = await mkdtemp(join(tmpdir(), 'ratchet-flood-'));
  await (await startService('orchestration', { ...service, home })).stop(); // which registers search attributes
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    namespace,
    workflowBundle: bundle,
    taskQueue: taskQueues.orchestration,
  });
  return worker.runUntil(flood({ ...options, environment, namespace, batch: 5 }));
};

describe('a learner flooded with messages', function () {
  this.timeout(600_000);

  it('trains on each file exactly once, and once for each quiet window, though its worker is killed twice', async () => {
    const { sent, sends, processed, cycles, ledger, runs } = await floodWithKills({ kind: 'files', settings: { quietMs } });
    assert.equal(sends, sent.size * 1.25);
    assert.deepEqual(processed.toSorted(), [...sent].toSorted());
    assert.deepEqual(
      cycles,
      rounds.map((_, round) => round + 1),
    );
    assert.deepEqual([ledger.count, ledger.actedOn, ledger.dropped], [rounds.length, rounds.length, 0]);
    assert.ok(runs >= leastRuns, `${runs} runs`);
  });

  it('trains on each file exactly once though most come while it trains', async () => {
    const { sent, processed, cycles, ledger } = await floodWith(await workflowBundle(), {
      kind: 'files',
      settings: { quietMs: 100, maxWaitMs: 300 },
      rounds: isLong ? [2_000, 500] : [120, 40],
      meanwhile: { trainingMs: 400, pauseMs: 40 },
    });
    assert.deepEqual(processed.toSorted(), [...sent].toSorted());
    assert.ok(cycles[0]! > 1, 'one training only: expected some while messages came in');
    assert.equal(ledger.dropped, 0);
  });

  it('counts each experience exactly once, and trains once for each time that the threshold is crossed', async function () {
    if (!isLong) this.skip(); // minutes on a busy machine
    const { sent, status, cycles, ledger, runs } = await floodWithKills({
      kind: 'experiences',
      settings: { retrainFrequency: rounds[1] ?? 0 },
    });
    assert.equal(status.experiences.total, sent.size);
    assert.deepEqual([ledger.actedOn, ledger.mergedInto, ledger.dropped], [ledger.count, 0, 0]);
    assert.equal(ledger.count, status.cycle);
    const [burst = 0] = cycles;
    assert.deepEqual(
      cycles,
      rounds.map((_, round) => burst + round),
    );
    assert.ok(runs >= leastRuns, `${runs} runs`);
  });

  it('that carries no marks across continue-as-new counts some experiences twice', async function () {
    if (!isLong) this.skip(); // minutes on a busy machine
    const options = { kind: 'experiences', settings: { retrainFrequency: 100 }, rounds: [400, 100] } as const;
    const remembering = await floodWith(await workflowBundle(), options);
    assert.equal(remembering.status.experiences.total, remembering.sent.size);
    const workflowsPath = fileURLToPath(new URL('./programs/forgetful-workflows.js', import.meta.url));
    const forgetful = await floodWith(await bundleWorkflowCode({ workflowsPath }), options);
    assert.ok(forgetful.status.experiences.total > forgetful.sent.size);
  });
});
