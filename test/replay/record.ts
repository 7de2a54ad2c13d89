import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode } from '@temporalio/worker';
import { runFineTuning } from '../../src/client/continuous-learning/run-to-end.js';
import { lookOnPaper, paperStatus } from '../../src/client/paper-client.js';
import { startAnnotation } from '../../src/client/start-annotation.js';
import { fineTuningId } from '../../src/domain/finetuning/export.js';
import { annotationId, learnerId, paperTraderId, trainingRunId, validationId } from '../../src/domain/ids.js';
import { noBlackouts } from '../../src/domain/learner/blackout.js';
import { newLearner } from '../../src/domain/learner/state.js';
import { newSequence } from '../../src/domain/sequence/sequence.js';
import { taskQueues } from '../../src/domain/orchestration/task-queues.js';
import { newTrainingRun } from '../../src/domain/training/training-run.js';
import { newValidation } from '../../src/domain/validation/validation-run.js';
import * as messages from '../../src/workflows/messages/learner-messages.js';
import { learner } from '../../src/workflows/learner.js';
import { progressiveSequence } from '../../src/workflows/progressive-sequence.js';
import { maintenance } from '../../src/workflows/maintenance.js';
import { tick } from '../../src/workflows/tick.js';
import { trainingRun } from '../../src/workflows/training-run.js';
import { validation } from '../../src/workflows/validation.js';
import { closeAfterAllTests } from '../support/hooks.js';
import { openBuilds } from '../support/loops/builds.js';
import { dataFile, quickSettings, until } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until as untilHolds } from '../support/until.js';
import { withWorkers } from '../support/services/workers.js';
import { historiesFolder } from './histories.js';

// Records what `replay.test.ts` replays: `node dist/test/replay/record.js NAME`, at a release or after a change that was made with versioning.
// Recorded histories are added to, never edited or replaced: learners run for years.

const name = process.argv[2] ?? new Date().toISOString().slice(0, 10);
const environment = await temporal();
const { client } = environment;

const record = async (kind: string, handle: WorkflowHandle): Promise<void> => {
  // Who polled, and where code lay, is no part of a history's meaning, and tells of a machine.
  const json = historyToJSON(await handle.fetchHistory())
    .replace(/"(\d+|orchestration|temporal-cli:\w+)@[^"-]+/g, '"recorder')
    .replace(/"stackTrace": "[^"]*"/g, '"stackTrace": ""');
  await writeFile(`${historiesFolder}/${kind}-${name}.json`, `${json}\n`);
};

const blackout = { ...noBlackouts, sessions: 'regular' } as const;
const { activities } = stubActivities();
await withWorkers({ environment, activities }, async () => {
  const instrument = 'ES';
  const handle = await client.workflow.start(learner, {
    taskQueue: taskQueues.orchestration,
    workflowId: learnerId(instrument),
    args: [newLearner(instrument, quickSettings)],
  });
  await handle.signal(messages.dataArrivedSignal, [dataFile('1'), dataFile('2')]);
  await until(handle, 'a first decision', ({ lastDecision }) => lastDecision !== null);
  await record('training-run', client.workflow.getHandle(trainingRunId(instrument, 1)));
  await handle.executeUpdate(messages.pauseUpdate, { args: [{ reason: 'maintenance' }] });
  await handle.signal(messages.dataArrivedSignal, dataFile('3'));
  await handle.executeUpdate(messages.resumeUpdate);
  await until(handle, 'a second training', ({ cycle, runningTraining }) => cycle === 2 && runningTraining === null);
  const person = { by: 'operator', reason: 'trial' };
  await handle.executeUpdate(messages.retrainUpdate, { args: [{ full: true, reason: 'by hand' }] });
  await until(handle, 'a third training', ({ cycle, runningTraining }) => cycle === 3 && runningTraining === null);
  await handle.executeUpdate(messages.rollbackUpdate, { args: [person] });
  await handle.executeUpdate(messages.promoteUpdate, { args: [{ ...person, version: 'v1_20260320_210000' }] });
  await handle.executeUpdate(messages.setConfigUpdate, { args: [{ quietMs: 60_000 }] });
  await record('learner', client.workflow.getHandle(handle.workflowId));
  await handle.terminate('recorded');
});

await withWorkers({ environment, activities }, async () => {
  const cycle = { buckets: [{ bucket: 'Scalping' }, { bucket: 'Short' }], transfer: true, pauseMs: 10 };
  const handle = await client.workflow.start(learner, {
    taskQueue: taskQueues.orchestration,
    workflowId: learnerId('NQ'),
    args: [newLearner('NQ', { ...quickSettings, cycle })],
  });
  await handle.signal(messages.dataArrivedSignal, dataFile('1'));
  await until(handle, 'a pass', ({ lastOutcome }) => lastOutcome !== null);
  await record('learner-of-buckets', client.workflow.getHandle(handle.workflowId));
  await record('pass-sequence', client.workflow.getHandle(trainingRunId('NQ', 1)));
  await handle.terminate('recorded');
});

let letGo: () => void = () => undefined;
const released = new Promise<void>((resolve) => (letGo = resolve));
const held = stubActivities({ beginRun: (request) => released.then(() => activities.beginRun(request)) });
await withWorkers({ environment, activities: held.activities }, async () => {
  const instrument = 'RTY';
  const handle = await client.workflow.start(learner, {
    taskQueue: taskQueues.orchestration,
    workflowId: learnerId(instrument),
    args: [newLearner(instrument, quickSettings)],
  });
  await handle.signal(messages.dataArrivedSignal, dataFile('1'));
  await untilHolds(() => held.calls.some(({ name: activity }) => activity === 'beginRun'));
  await handle.signal(messages.dataArrivedSignal, dataFile('2'));
  await until(handle, 'a file that waits', ({ pendingFiles }) => pendingFiles === 1);
  letGo();
  await until(handle, 'an end', ({ lastDecision, runningTraining }) => lastDecision !== null && runningTraining === null);
  await handle.signal(messages.dataArrivedSignal, dataFile('3'));
  await until(handle, 'another training', ({ cycle, runningTraining }) => cycle === 2 && runningTraining === null);
  await record('learner-told-while-training', client.workflow.getHandle(handle.workflowId));
  await handle.terminate('recorded');
});

let [looks, rounds] = [0, 0];
const looking = stubActivities({
  annotateTrades: () => Promise.resolve(++rounds === 1 ? { annotated: 500, more: true } : { annotated: 12, more: false }),
  tradeOnPaper: () => {
    looks++;
    const done = {
      kind: 'traded',
      version: 'v1_20260320_210000',
      sessions: 2,
      experiences: 778,
      netReturn: 0.01,
      nextLookMs: 3_600_000,
    } as const;
    if (looks <= 2) return Promise.resolve({ ...done, tradedTo: `2026-03-1${looks}T20:00:00.000Z`, more: looks === 1 });
    if (looks === 3) return Promise.reject(ApplicationFailure.nonRetryable('the artifact is gone', 'ArtifactMissing'));
    return Promise.resolve({ kind: 'off' } as const);
  },
});
await withWorkers({ environment, activities: looking.activities }, async () => {
  await lookOnPaper(client, 'GC');
  const looked = (wanted: number) => untilHolds(async () => looks >= wanted && (await paperStatus(client, 'GC')).last !== null);
  await looked(2);
  await lookOnPaper(client, 'GC');
  await looked(3);
  await lookOnPaper(client, 'GC');
  const trader = client.workflow.getHandle(paperTraderId('GC'));
  await trader.result();
  await record('paper-trader', trader);
  await startAnnotation(client, 'GC');
  const annotating = client.workflow.getHandle(annotationId('GC'));
  await annotating.result();
  await record('annotation', annotating);
  await runFineTuning(client, null);
  await record('fine-tuning-export', client.workflow.getHandle(fineTuningId(null)));
});

await withWorkers({ environment, activities }, async () => {
  const buckets = [{ bucket: 'Scalping', episodes: 5 }, { bucket: 'Short' }];
  for (const [kind, instrument, request] of [
    ['progressive-sequence', 'ES', { transfer: true, reverse: true }],
    ['curriculum-sequence', 'MES', { transfer: true, curriculum: true }],
    ['parallel-sequence', 'MNQ', { transfer: false, parallel: 2 }],
  ] as const) {
    const sequence = newSequence(instrument, 1, { buckets, pauseMs: 10, ...request });
    const handle = await client.workflow.start(progressiveSequence, {
      taskQueue: taskQueues.orchestration,
      workflowId: sequence.id,
      args: [sequence],
    });
    await handle.result();
    await record(kind, client.workflow.getHandle(handle.workflowId));
    if (kind === 'progressive-sequence') await record('transfer-training-run', client.workflow.getHandle(`${sequence.id}-Short`));
  }
});

const breaching = stubActivities({
  deployVersion: ({ version }) =>
    Promise.resolve({
      installedAs: 'production',
      live: { version, role: 'production' },
      canary: { durationMs: 2_000, previous: 'v0_20260101_000000' },
    }),
  probeProduction: () => Promise.resolve({ kind: 'breach', reason: 'answers NaN' }),
  checkProduction: () => Promise.resolve({ measured: { version: 'v1', netReturn: -0.5, days: 7 }, health: null }),
});
await withWorkers({ environment, activities: breaching.activities }, async () => {
  const instrument = 'YM';
  const handle = await client.workflow.start(learner, {
    taskQueue: taskQueues.orchestration,
    workflowId: learnerId(instrument),
    args: [newLearner(instrument, { ...quickSettings, retrainFrequency: 100, performanceThreshold: -0.1, blackout })],
  });
  await handle.signal(messages.experiencesAddedSignal, { id: 'lived', count: 100 });
  await until(handle, 'a canary that ended', ({ lastDecision }) => lastDecision !== null);
  await record('canary-training-run', client.workflow.getHandle(trainingRunId(instrument, 1)));
  const checking = await client.workflow.start(tick, {
    taskQueue: taskQueues.orchestration,
    workflowId: 'tick-experience-check-YM',
    args: [{ instrument, bucket: 'default', kind: 'check' }],
  });
  await checking.result();
  await record('tick', client.workflow.getHandle(checking.workflowId));
  await until(handle, 'a second training', ({ cycle, runningTraining }) => cycle === 2 && runningTraining === null);
  await handle.signal(messages.driftDetectedSignal, { id: 'drifted', reason: 'PSI of return' });
  await until(handle, 'a third training', ({ cycle, runningTraining }) => cycle === 3 && runningTraining === null);
  await record('learner-with-triggers', client.workflow.getHandle(handle.workflowId));
  await handle.terminate('recorded');
  const tidying = await client.workflow.start(maintenance, {
    taskQueue: taskQueues.orchestration,
    workflowId: 'maintenance',
    args: [],
  });
  await tidying.result();
  await record('maintenance', client.workflow.getHandle(tidying.workflowId));
});

const failing = stubActivities({ trainChunk: () => Promise.reject(ApplicationFailure.nonRetryable('the loss is NaN', 'Diverged')) });
await withWorkers({ environment, activities: failing.activities }, async () => {
  const run = { instrument: 'NQ', bucket: 'default', cycle: 1, reason: 'new data', full: false, asked: false, files: [], lists: [] };
  const failed = await client.workflow.start(trainingRun, {
    taskQueue: taskQueues.orchestration,
    workflowId: trainingRunId('NQ', 1),
    args: [newTrainingRun({ ...run, runId: trainingRunId('NQ', 1) })],
  });
  await failed.result().catch(() => undefined);
  await record('failed-training-run', client.workflow.getHandle(failed.workflowId));
});

await withWorkers({ environment, activities }, async () => {
  const place = { validationId: validationId('ES', 1), instrument: 'ES', bucket: 'default' };
  const handle = await client.workflow.start(validation, {
    taskQueue: taskQueues.orchestration,
    workflowId: place.validationId,
    args: [newValidation(place, 'cpcv')],
  });
  await handle.result();
  await record('validation', client.workflow.getHandle(handle.workflowId));
});

const builds = await openBuilds();
if (builds.tells) {
  const services = await Promise.all(['v1', 'v2'].map(builds.start));
  await withWorkers({ environment, activities, namespace: builds.namespace, workflows: false }, async () => {
    await builds.makeCurrent('v1');
    const handle = await builds.client.workflow.start(learner, {
      taskQueue: taskQueues.orchestration,
      workflowId: learnerId('ZN'),
      args: [newLearner('ZN', quickSettings)],
    });
    await handle.signal(messages.dataArrivedSignal, dataFile('1'));
    const newest = builds.client.workflow.getHandle<typeof learner>(handle.workflowId);
    await until(newest, 'a decision', ({ lastDecision, runningTraining }) => lastDecision !== null && runningTraining === null);
    await builds.makeCurrent('v2');
    await builds.nudge();
    await untilHolds(async () => (await builds.buildsOf(handle.workflowId)).at(-1) === 'v2');
    await record('learner-new-build', builds.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId));
  });
  await Promise.all(services.map((service) => service.stop()));
} else console.warn('learner-new-build needs a Temporal server of 1.31 or newer (TEMPORAL_CLI), and was not recorded');

const workflowsPath = fileURLToPath(new URL('./other-workflows.js', import.meta.url));
const other = await bundleWorkflowCode({ workflowsPath });
await withWorkers({ environment, activities, bundle: other }, async () => {
  const run = { instrument: 'CL', bucket: 'default', cycle: 1, reason: 'new data', full: false, asked: false, files: [], lists: [] };
  const changed = await client.workflow.start(trainingRun, {
    taskQueue: taskQueues.orchestration,
    workflowId: trainingRunId('CL', 1),
    args: [newTrainingRun({ ...run, runId: trainingRunId('CL', 1) })],
  });
  await changed.result();
  await record('must-fail-training-run', client.workflow.getHandle(changed.workflowId));
});
await closeAfterAllTests();
