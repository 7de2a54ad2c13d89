import assert from 'node:assert/strict';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { trainingRunId } from '../../src/domain/ids.js';
import type { EvaluateRequest, SettleChallengerRequest } from '../../src/domain/training/run-steps.js';
import type { TrainingProgress } from '../../src/domain/training/training-run.js';
import { dataArrivedSignal, pauseUpdate, resumeUpdate, stopUpdate } from '../../src/workflows/messages/learner-messages.js';
import { progressQuery } from '../../src/workflows/messages/training-run-messages.js';
import { dataFile, until, withLearner } from '../support/loops/learners.js';
import { frozenDataset, stubActivities, type Activities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { until as waitUntil } from '../support/until.js';
import { withWorkers } from '../support/services/workers.js';

/** An activity that begins and then waits until it is let go. */
const held = (name: 'evaluateCandidate' | 'deployVersion') => {
  const { activities } = stubActivities();
  let letGo: () => void = () => undefined;
  let begin: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const act: Pick<Activities, 'evaluateCandidate' | 'deployVersion'> = {
    evaluateCandidate: async (request) => {
      begin();
      await released;
      return activities.evaluateCandidate(request);
    },
    deployVersion: async (request) => {
      begin();
      await released;
      return activities.deployVersion(request);
    },
  };
  return { begun, letGo: () => letGo(), ...stubActivities({ [name]: act[name] }) };
};

const anything: EvaluateRequest = { runId: 'r', instrument: 'ES', bucket: 'default', dataset: frozenDataset, bundle: 'b' };

/** Waits until a run stands as asked. */
const untilRun = (client: Client, runId: string, holds: (progress: TrainingProgress) => boolean): Promise<void> =>
  waitUntil(async () => holds(await client.workflow.getHandle(runId).query(progressQuery)));

describe('trainingRun', () => {
  it('ends without a decision when it is stopped while its candidate is evaluated', async () => {
    const environment = await temporal();
    const { activities, calls, begun, letGo } = held('evaluateCandidate');
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await begun;
        await handle.executeUpdate(stopUpdate);
        await untilRun(environment.client, trainingRunId(instrument, 1), ({ stopping }) => stopping);
        letGo();
        const { lastOutcome, pendingFiles, phase } = await until(handle, 'an end', (status) => status.lastOutcome !== null);
        assert.deepEqual([lastOutcome?.kind, pendingFiles, phase], ['stopped', 1, 'paused']);
        assert.deepEqual(
          calls.filter(({ name }) => name === 'registerVersion' || name === 'deployVersion'),
          [],
        );
      }),
    );
  });

  it('judges the version that was held on the new data before it trains, and promotes it', async () => {
    const environment = await temporal();
    const { activities, calls } = stubActivities({
      evaluateChallenger: async () => ({
        version: 'v7_20260101_000000',
        candidate: await stubActivities().activities.evaluateCandidate(anything),
      }),
    });
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle) => {
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
        const names = calls.map(({ name }) => name);
        assert.ok(names.indexOf('settleChallenger') > names.indexOf('freezeDataset'));
        assert.ok(names.indexOf('settleChallenger') < names.indexOf('beginRun'));
        const request = calls.find(({ name }) => name === 'settleChallenger')?.request as SettleChallengerRequest;
        assert.deepEqual([request.version, request.decision.verdict], ['v7_20260101_000000', 'PROMOTE']);
      }),
    );
  });

  it('trains though the version that was held cannot be judged again', async () => {
    const environment = await temporal();
    const { activities, calls } = stubActivities({
      evaluateChallenger: () => Promise.reject(ApplicationFailure.nonRetryable('artifact a is not there', 'ArtifactMissing')),
    });
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle) => {
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await until(handle, 'a decision', ({ lastDecision }) => lastDecision?.verdict === 'PROMOTE');
        assert.ok(!calls.some(({ name }) => name === 'settleChallenger'));
      }),
    );
  });

  it('paused while its candidate is evaluated, decides nothing before it is resumed', async () => {
    const environment = await temporal();
    const { activities, calls, begun, letGo } = held('evaluateCandidate');
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await begun;
        await handle.executeUpdate(pauseUpdate, { args: [{}] });
        const runId = trainingRunId(instrument, 1);
        await untilRun(environment.client, runId, ({ paused }) => paused);
        letGo();
        const working = async (): Promise<number> =>
          (await environment.client.workflow.getHandle(runId).describe()).raw.pendingActivities?.length ?? 0;
        await waitUntil(async () => (await working()) === 0);
        await untilRun(environment.client, runId, ({ paused }) => paused);
        assert.equal(calls.at(-1)?.name, 'evaluateCandidate');
        await handle.executeUpdate(resumeUpdate);
        await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
      }),
    );
  });

  it('cancelled while its decision is carried out, tells what became live', async () => {
    const environment = await temporal();
    const { activities, calls, begun, letGo } = held('deployVersion');
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await begun;
        const run = environment.client.workflow.getHandle(trainingRunId(instrument, 1));
        await run.cancel();
        await run.query(progressQuery);
        letGo();
        const { lastOutcome, production } = await until(handle, 'an end', (status) => status.lastOutcome !== null);
        assert.deepEqual([lastOutcome?.kind, production?.role], ['decided', 'production']);
        const ends = calls.flatMap(({ name, request }) => (name === 'endRun' ? [request] : []));
        assert.deepEqual(
          ends.map((request) => (request as { outcome: string }).outcome),
          ['promoted'],
        );
      }),
    );
  });
});
