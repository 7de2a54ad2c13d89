import assert from 'node:assert/strict';
import { isForgetful, isForgetfulCommand } from '../../../src/runtime/temporal/forgetful-temporal.js';
import { temporal } from '../../support/services/temporal.js';

describe('a Temporal server that forgets', () => {
  it('is told by its command line: a development server on that port without a database file', () => {
    const told = [
      'temporal server start-dev --headless --port 7300',
      'temporal server start-dev --port=7300',
      'temporal server start-dev -p 7300 --log-level warn',
      'temporal server start-dev --port 7300 --db-filename /x.db',
      'temporal server start-dev --port 7300 -f /x.db',
      'temporal server start-dev --port 7301',
      'temporal-server start --port 7300',
    ].map((line) => isForgetfulCommand(line, '7300'));
    assert.deepEqual(told, [true, true, true, false, false, false, false]);
    assert.equal(isForgetfulCommand('temporal server start-dev', '7233'), true);
  });

  it('is recognised while it runs', async function () {
    if (process.platform === 'win32') this.skip();
    const { address } = await temporal();
    assert.equal(await isForgetful({ address }, address), true);
  });
});
