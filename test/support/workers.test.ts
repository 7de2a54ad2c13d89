import assert from 'node:assert/strict';
import { dataArrivedSignal } from '../../src/workflows/messages/learner-messages.js';
import { dataFile, withLearner } from './loops/learners.js';
import { stubActivities } from './loops/stubbed-activities.js';
import { temporal } from './services/temporal.js';
import { withWorkers } from './services/workers.js';

describe('withWorkers', () => {
  it('ends with the failure of a test that fails while an activity is held', async () => {
    const environment = await temporal();
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const { activities } = stubActivities({
      freezeDataset: () => {
        begin();
        return new Promise(() => undefined);
      },
    });
    const failing = withWorkers({ environment, activities }, () =>
      withLearner(environment, {}, async (handle) => {
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await begun;
        assert.fail('what the test is about');
      }),
    );
    await assert.rejects(failing, { message: 'what the test is about' });
  });
});
