import assert from 'node:assert/strict';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { withHeartbeat } from '../../src/activities/heartbeat.js';
import { createLearnerClient } from '../../src/client/learner-client.js';
import type { EndRequest, FreezeRequest } from '../../src/domain/training/run-steps.js';
import { dataArrivedSignal, ledgerQuery } from '../../src/workflows/messages/learner-messages.js';
import { dataFile, until, withLearner } from '../support/loops/learners.js';
import { stubActivities, type Activities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { withWorkers } from '../support/services/workers.js';

const HUGE = 'x'.repeat(3_000_000);

/** Resolves when it is called, and never ends by itself: a cancellation ends it. */
const untilCancelled = (begin: () => void) => (): Promise<never> =>
  withHeartbeat((_, signal) => {
    begin();
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  });

const cancelled = async (handle: WorkflowHandle): Promise<void> => {
  await assert.rejects(handle.result(), (error) => error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure);
};

describe('a learner in adversity', function () {
  this.timeout(60_000);

  it('trains once, with every file, on 500 messages that came while no worker was there', async () => {
    const environment = await temporal();
    const { activities, calls } = stubActivities();
    await withLearner(environment, {}, async (handle) => {
      const names = Array.from({ length: 400 }, (_, index) => String(index));
      const sent = [...names, ...names.slice(0, 100)];
      await Promise.all(sent.map((name) => handle.signal(dataArrivedSignal, dataFile(name))));
      await withWorkers({ environment, activities }, () => until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null));
      const freezes = calls.flatMap(({ name, request }) => (name === 'freezeDataset' ? [request as FreezeRequest] : []));
      assert.equal(freezes.length, 1);
      assert.deepEqual(freezes[0]?.files.map(({ id }) => id).sort(), names.map((name) => `id-${name}`).sort());
    });
  });

  it('gives the same answer to a request that is repeated in another run of its workflow', async () => {
    const environment = await temporal({ suggestContinueAsNewAfter: 40 });
    const { activities } = stubActivities();
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        const learners = createLearnerClient({ client: environment.client });
        const { runId: first } = await handle.describe();
        const asked = await learners.retrain(instrument, { requestId: 'once', reason: 'once' });
        await until(handle, 'a training', (status) => status.cycle === 1 && status.runningTraining === null);
        for (let cycle = 2; (await handle.describe()).runId === first; cycle++) {
          await handle.signal(dataArrivedSignal, dataFile(String(cycle)));
          await until(handle, `training ${cycle}`, (status) => status.cycle === cycle && status.runningTraining === null);
        }
        const { cycle: before } = await learners.status(instrument);
        assert.deepEqual(await learners.retrain(instrument, { requestId: 'once', reason: 'once' }), asked);
        const { cycle, runningTraining, queued } = await learners.status(instrument);
        assert.deepEqual([cycle, runningTraining, queued], [before, null, 0]);
      }),
    );
  });

  it('outlives answers and messages that are too large for Temporal', async () => {
    const environment = await temporal();
    let tries = 0;
    const plain = stubActivities().activities;
    const { activities } = stubActivities({
      freezeDataset: (request) => (tries++ === 0 ? Promise.resolve({ kind: 'refused', summary: HUGE }) : plain.freezeDataset(request)),
    });
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle) => {
        await assert.rejects(handle.signal(dataArrivedSignal, { ...dataFile('0'), id: HUGE }));
        await handle.signal(dataArrivedSignal, dataFile('1'));
        const { malformed } = await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
        const { entries } = await handle.query(ledgerQuery);
        const results = entries.map(({ outcome }) => (outcome.kind === 'actedOn' ? outcome.result : null));
        assert.match(results[0] ?? '', /exceeds size limit/);
        assert.match(results[1] ?? '', /^Promoted/);
        assert.deepEqual([results.length, tries, malformed.count], [2, 2, 0]);
      }),
    );
  });

  it('refuses a change of production while another one is under way, with the reason', async () => {
    const environment = await temporal();
    let [begin, letGo] = [(): void => undefined, (): void => undefined];
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const released = new Promise<void>((resolve) => (letGo = resolve));
    const { activities } = stubActivities({
      promoteVersion: async () => {
        begin();
        await released;
        return { installedAs: 'production', live: { version: 'v1', role: 'production' } };
      },
    });
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (_, instrument) => {
        const learners = createLearnerClient({ client: environment.client });
        const change = { by: 'Ada', reason: 'enough was seen' };
        const first = learners.promote(instrument, { ...change, version: 'v1' });
        await begun;
        await assert.rejects(learners.rollback(instrument, change), {
          name: 'Refused',
          message: /another change of production is under way/,
        });
        letGo();
        assert.deepEqual((await first).production, { version: 'v1', role: 'production' });
      }),
    );
  });

  it('cleans up when it is cancelled, in whatever phase, and production is what its run said', async () => {
    const environment = await temporal();
    const inPhase = (held: keyof Activities | null, quietMs: number): Promise<unknown> => {
      let begin: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const { activities, calls } = stubActivities(held === null ? {} : { [held]: untilCancelled(begin) });
      return withWorkers({ environment, activities }, () =>
        withLearner(environment, { quietMs }, async (handle) => {
          if (held !== null || quietMs > 1_000) await handle.signal(dataArrivedSignal, dataFile('1'));
          if (held === null) await until(handle, 'a rest', ({ phase }) => phase === (quietMs > 1_000 ? 'debouncing' : 'idle'));
          else await begun;
          await handle.cancel();
          await cancelled(handle);
          return calls.flatMap(({ name, request }) => (name === 'endRun' ? [(request as EndRequest).outcome] : []));
        }),
      );
    };
    assert.deepEqual(await inPhase(null, 150), []);
    assert.deepEqual(await inPhase(null, 60_000), []);
    for (const held of ['freezeDataset', 'trainChunk', 'evaluateCandidate'] as const)
      assert.deepEqual(await inPhase(held, 150), ['cancelled'], held);
  });
});
