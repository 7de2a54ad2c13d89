import assert from 'node:assert/strict';
import { Client, Connection } from '@temporalio/client';
import { askQuery } from '../../src/client/ask-query.js';

describe('askQuery', () => {
  const client = new Client({ connection: Connection.lazy({ address: '127.0.0.1:9', connectTimeout: '1 second' }) });
  const unanswered = () => client.workflow.getHandle('learner-ES').query<string>('status');

  it('asks again where no answer came, and gives the one that did', async () => {
    let asked = 0;
    const answer = await askQuery(client, 600, () => (++asked < 3 ? unanswered() : Promise.resolve('idle')));
    assert.deepEqual([answer, asked], ['idle', 3]);
  });

  it('gives up after three times', async () => {
    let asked = 0;
    const asking = askQuery(client, 300, () => (asked++, unanswered()));
    await assert.rejects(asking, /Failed to query Workflow/);
    assert.equal(asked, 3);
  });

  it('asks once where the answer is no', async () => {
    let asked = 0;
    const asking = askQuery(client, 600, () => (asked++, Promise.reject(new Error('there is no such query'))));
    await assert.rejects(asking, /no such query/);
    assert.equal(asked, 1);
  });
});
