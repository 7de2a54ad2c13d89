import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogFiles, openLogFiles } from '../../src/telemetry/log-files.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { until } from '../support/until.js';

describe('openLogFiles', () => {
  let folder = '';
  let files: LogFiles;
  const open = (maxBytes: number) => createLogger('info', (files = openLogFiles({ folder, maxBytes, keep: 5 })).transports);
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'logs-'))));
  afterEach(async () => {
    await files.close();
    await rm(folder, { recursive: true, force: true });
  });

  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8').catch(() => '');

  it('keeps everything in ratchet.log, errors in error.log and the trainer in training.log', async () => {
    const logger = open(1_000_000);
    logger.info('trained', { service: 'trainer' });
    logger.error('broke', { service: 'api' });
    await until(
      async () =>
        (await read('ratchet.log')).includes('broke') &&
        (await read('error.log')).includes('broke') &&
        (await read('training.log')).includes('trained'),
    );
    assert.ok(!(await read('error.log')).includes('trained'));
    assert.ok(!(await read('training.log')).includes('broke'));
    assert.ok((await read('ratchet.log')).includes('trained'));
  });

  it('rotates by size to NAME.YYYY-MM-DD and keeps the live name', async () => {
    const logger = open(2_048);
    for (let i = 0; i < 40; i++) logger.info('x'.repeat(100));
    // The live file is made anew a moment after it was renamed.
    await until(async () => {
      const names = await readdir(folder);
      return names.includes('ratchet.log') && names.some((name) => /^ratchet\.log\.\d{4}-\d\d-\d\d$/.test(name));
    });
  });
});
