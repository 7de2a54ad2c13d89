import assert from 'node:assert/strict';
import { connectClient } from '../../src/client/connect.js';
import { NoAnswer } from '../../src/client/errors.js';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { listLearners } from '../../src/client/list-learners.js';
import { reportFiles } from '../../src/client/report-files.js';
import { lookAt } from '../../src/client/watch-progress.js';
import { freePort } from '../../src/runtime/free-port.js';
import { quickSettings } from '../support/loops/learners.js';
import { recordingLogger } from '../support/recording-logger.js';
import { until } from '../support/until.js';

describe('the client, while no Temporal server answers', () => {
  const connect = async () => connectClient({ TEMPORAL_ADDRESS: `127.0.0.1:${await freePort(17_233)}`, TEMPORAL_NAMESPACE: 'default' });

  it('says NoAnswer to every question within its deadline', async () => {
    const client = await connect();
    const learners = createLearnerClient({ client, deadlineMs: 300 });
    await assert.rejects(learners.status('ES'), NoAnswer);
    await assert.rejects(learners.progress('ES', 'train-ES-000001'), NoAnswer);
    await assert.rejects(learners.nudge('ES'), NoAnswer);
    await assert.rejects(learners.retrain('ES'), NoAnswer);
    await assert.rejects(learners.activity('ES', 'train-ES-000001'), NoAnswer);
    await assert.rejects(listLearners(client, 300), NoAnswer);
    await client.connection.close();
  });

  it('leaves out a look instead of failing', async () => {
    const client = await connect();
    assert.equal(await lookAt(createLearnerClient({ client, deadlineMs: 300 }), 'ES'), null);
    await client.connection.close();
  });

  it('goes on reporting files until it is told to give up', async () => {
    const client = await connect();
    const logger = recordingLogger();
    const givingUp = new AbortController();
    const files = [{ id: 'a', pathId: 'ES/a.txt', bytes: 1, sha256: '0'.repeat(64) }];
    const reported = reportFiles({
      client,
      instrument: 'ES',
      settings: quickSettings,
      files,
      logger,
      signal: givingUp.signal,
      deadlineMs: 300,
    });
    await until(() => logger.lines.some(({ message }) => message.includes('did not take the report of 1 files of ES')));
    givingUp.abort();
    await assert.rejects(reported, { name: 'AbortError' });
    await client.connection.close();
  });
});
