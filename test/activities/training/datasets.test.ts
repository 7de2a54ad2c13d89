import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createDatasetActivities } from '../../../src/activities/training/datasets.js';
import { readMarkets } from '../../../src/activities/dependencies.js';
import { openFolderStore } from '../../../src/artifacts/folder-store.js';
import { ratchetConfig } from '../../../src/config/ratchet.js';
import type { FreezeRequest } from '../../../src/domain/training/run-steps.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { freshRegistry } from '../../support/registry/registry.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

describe('freezeDataset', () => {
  const folder = temporaryFolder();

  it('ends at once, naming both lengths, when bars of the configured length cannot be made of those that came', async () => {
    const home = folder();
    const watched = join(home, 'exports');
    await mkdir(watched);
    const lines = ['00', '02', '04', '06', '08'].map((minute) => `20240102 15${minute}00;1;2;0.5;1;10`).join('\n');
    await writeFile(join(watched, 'ES.Last.txt'), `${lines}\n`);
    const activities = createDatasetActivities({
      registry: await freshRegistry(),
      artifacts: await openFolderStore(join(home, 'artifacts')),
      config: ratchetConfig.parse({ training: { environment: { frequency: '5m' } } }),
      markets: await readMarkets([]),
      folders: {
        watched,
        bars: join(home, 'bars'),
        checkpoints: join(home, 'checkpoints'),
        artifacts: join(home, 'artifacts'),
        temporary: join(home, 'cache'),
      },
      logger: recordingLogger(),
    });
    const sha256 = createHash('sha256').update(`${lines}\n`).digest('hex');
    const file = { id: 'a', pathId: 'ES.Last.txt', bytes: lines.length + 1, sha256 };
    const request: FreezeRequest = {
      runId: 'train-ES-000001',
      instrument: 'ES',
      bucket: 'default',
      asked: false,
      files: [file],
      lists: [],
    };
    await assert.rejects(
      new MockActivityEnvironment().run((asked: FreezeRequest) => activities.freezeDataset(asked), request),
      {
        name: 'BadConfig',
        message: /frequency is 5m, and the bars of ES last 2m: expected a multiple/,
      },
    );
  });
});
