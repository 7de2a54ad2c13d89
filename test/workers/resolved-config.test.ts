import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.js';
import { readResolvedConfig } from '../../src/workers/resolved-config.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('readResolvedConfig', () => {
  const folder = temporaryFolder();

  it('reads back what was resolved, under the settings of its own environment', async () => {
    const { config } = await loadConfig({ flags: { serving: { port: 8_211 }, watch: { path: '/exports', instruments: ['ES'] } } });
    const file = join(folder(), 'config.json');
    await writeFile(file, JSON.stringify(config));
    assert.deepEqual(await readResolvedConfig({ config: file }), config);
    process.env.RATCHET__SERVING__PORT = '9999';
    try {
      assert.equal((await readResolvedConfig({ config: file })).serving.port, 9_999);
      assert.equal((await readResolvedConfig({ config: null })).serving.port, 9_999);
    } finally {
      delete process.env.RATCHET__SERVING__PORT;
    }
  });

  it('names the file and the setting that cannot be used', async () => {
    const file = join(folder(), 'config.json');
    await writeFile(file, JSON.stringify({ serving: { prt: 1 } }));
    await assert.rejects(readResolvedConfig({ config: file }), {
      name: 'InvalidConfig',
      message: /serving\.prt \(file config\.json\) is not a setting; did you mean port\?/,
    });
  });
});
