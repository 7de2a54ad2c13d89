import assert from 'node:assert/strict';
import { join } from 'node:path';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import { createKnownSchemas } from '../../src/serving/known-schemas.js';
import { storeModel } from '../support/registry/served-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('createKnownSchemas', () => {
  const temporary = temporaryFolder();

  it('knows the schemas of the models that are there, though another one was deleted', async () => {
    const artifacts = await openFolderStore(join(temporary(), 'artifacts'));
    const { bundle, schema } = await storeModel(artifacts);
    const schemasOf = createKnownSchemas({
      artifacts,
      bundlesSince: () => Promise.resolve([bundle, '0'.repeat(64)]),
      foreign: { other: 7 },
      graceMs: 0,
      clock: { now: () => 0 },
    });
    const lengths = [...(await schemasOf('ES')).values()];
    assert.deepEqual(lengths, [[7], [schema.features.length * schema.lookback + 4, 4]]);
  });
});
