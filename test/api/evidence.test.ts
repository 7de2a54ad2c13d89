import assert from 'node:assert/strict';
import { judge } from '../../src/domain/gate/judge.js';
import { evidence, settings } from '../support/evaluation/gate-evidence.js';
import { seedVersions } from '../support/registry/registry.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testApi } from '../support/services/test-api.js';

describe('the evidence of a decision', () => {
  const folder = temporaryFolder();

  it('is answered as a page that may run nothing, or as numbers, and refused where there is none or it was deleted', async () => {
    const { api, call, close, policies, registry } = await testApi({ folder: folder() });
    const [version] = await seedVersions(registry, 1);
    const { artifacts } = policies;
    const store = (text: string): Promise<string> => artifacts.put(new TextEncoder().encode(text));
    const published = { evidencePage: await store('<!doctype html><p>page</p>'), evidencePack: await store('{"record":"r"}') };
    const made = { instrument: 'ES', bucket: 'default', version: version!.name, run: null, evidence: evidence() };
    const decision = judge(evidence(), settings());
    const { id } = await registry.decisions.record({ ...made, decision, operationKey: 'with', ...published });
    const bare = await registry.decisions.record({ ...made, decision, operationKey: 'without' });

    const page = await api.request(`/api/v1/decisions/${id}/evidence`);
    assert.deepEqual([page.status, await page.text()], [200, '<!doctype html><p>page</p>']);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.equal(page.headers.get('content-security-policy'), "default-src 'none'; style-src 'unsafe-inline'");
    assert.equal(page.headers.get('x-artifact'), published.evidencePage);
    assert.deepEqual((await call('GET', `/api/v1/decisions/${id}/evidence?format=json`)).body, { record: 'r' });

    const refused = async (path: string): Promise<unknown[]> => {
      const { status, body } = await call('GET', `/api/v1/decisions/${path}`);
      return [status, body.type];
    };
    assert.deepEqual(await refused(`${bare.id}/evidence`), [404, 'urn:ratchet:no-evidence']);
    assert.deepEqual(await refused('999/evidence'), [404, 'urn:ratchet:unknown-decision']);
    assert.deepEqual(await refused(`${id}/evidence?format=pdf`), [422, 'urn:ratchet:invalid-input']);
    await artifacts.remove(published.evidencePage);
    assert.deepEqual(await refused(`${id}/evidence`), [410, 'urn:ratchet:document-deleted']);
    await close();
  });
});
