import assert from 'node:assert/strict';
import { createAsking } from '../../src/cli/start/ask-for-decision.js';
import { followTrainings, type FollowedEnd } from '../../src/cli/start/follow-trainings.js';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { lookAt } from '../../src/client/watch-progress.js';
import { trainingRunId } from '../../src/domain/ids.js';
import { dataArrivedSignal } from '../../src/workflows/messages/learner-messages.js';
import { dataFile, until, withLearner } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { withWorkers } from '../support/services/workers.js';

const HOUR_MS = 3_600_000;

describe('following trainings', () => {
  it('tells of a training that ends, with the rules of its gate, and of none that ended before', async () => {
    const environment = await temporal();
    const learners = createLearnerClient({ client: environment.client });
    const follow = async (instrument: string, since: number, signal: AbortSignal): Promise<FollowedEnd[]> => {
      const ends: FollowedEnd[] = [];
      await followTrainings({
        learners,
        instruments: () => Promise.resolve([instrument]),
        since,
        signal,
        everyMs: 20,
        onProgress: () => Promise.resolve(),
        onSilence: () => assert.fail('it answers all the time'),
        onEnd: (end) => Promise.resolve(ends.push(end) > 0),
      });
      return ends;
    };
    await withWorkers({ environment, activities: stubActivities().activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        await handle.signal(dataArrivedSignal, [dataFile('a')]);
        const [end] = await follow(instrument, Date.now() - HOUR_MS, AbortSignal.timeout(30_000));
        assert(end !== undefined);
        assert.deepEqual([end.instrument, end.outcome.kind, end.outcome.runId], [instrument, 'decided', trainingRunId(instrument, 1)]);
        assert.equal(end.decision?.verdict, end.run?.decision?.verdict);
        assert((end.run?.decision?.rules.length ?? 0) > 5);
        assert.deepEqual(await follow(instrument, Date.now() + HOUR_MS, AbortSignal.timeout(300)), []);
      }),
    );
  }).timeout(60_000);

  it('with --once asks a learner that has nothing new for a training, after a while and once', async () => {
    const environment = await temporal();
    const learners = createLearnerClient({ client: environment.client });
    await withWorkers({ environment, activities: stubActivities().activities }, () =>
      withLearner(environment, {}, async (handle, instrument) => {
        let now = 0;
        const ask = createAsking(learners, 2_000, () => now);
        const askNow = async (): Promise<void> => {
          const look = await lookAt(learners, instrument);
          assert(look !== null);
          await ask(look);
        };
        await askNow(); // it knows nothing yet: its files are still to come
        now += HOUR_MS;
        await askNow();
        assert.equal((await learners.status(instrument)).cycle, 0);

        await handle.signal(dataArrivedSignal, [dataFile('a')]);
        await until(handle, 'a decision', ({ lastDecision, phase }) => lastDecision !== null && phase === 'idle');
        await askNow();
        now += 11_999;
        await askNow();
        assert.equal((await learners.status(instrument)).cycle, 1);
        now += 1;
        await askNow();
        const status = await until(handle, 'a second decision', ({ cycle, phase }) => cycle === 2 && phase === 'idle');
        assert.equal(status.lastOutcome?.runId, trainingRunId(instrument, 2));
        now += HOUR_MS;
        await askNow();
        await askNow();
        assert.equal((await learners.status(instrument)).cycle, 2);
      }),
    );
  }).timeout(60_000);
});
