import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { relayLines } from '../../src/telemetry/relay.js';

describe('relayLines', () => {
  it('relays JSON lines with their level and fields, and other text as a warning', async () => {
    const stream = new PassThrough();
    const seen: string[] = [];
    const record =
      (level: string) =>
      (message: string, fields?: object): void =>
        void seen.push(`${level} ${message} ${JSON.stringify(fields)}`);
    relayLines(stream, { debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') }, { service: 'cpu' });
    stream.end('{"level":"error","message":"a","workflowId":"w"}\nplain words\n{broken\n');
    await once(stream, 'close');
    assert.deepEqual(seen, [
      'error a {"service":"cpu","workflowId":"w"}',
      'warn plain words {"service":"cpu"}',
      'warn {broken {"service":"cpu"}',
    ]);
  });
});
