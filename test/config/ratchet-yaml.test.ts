import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.js';
import { camelKeys } from '../../src/config/keys.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import { shippedConfigs } from '../../src/config/read-files.js';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

describe('configs/ratchet.yaml', () => {
  it('says every default as the schemas have it, and nothing else', async () => {
    const path = join(shippedConfigs(), 'ratchet.yaml');
    assert.deepEqual(camelKeys(parse(await readFile(path, 'utf8'))), ratchetConfig.parse({}));
    assert.deepEqual((await loadConfig({ file: path })).config, ratchetConfig.parse({}));
  });
});
