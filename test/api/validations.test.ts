import assert from 'node:assert/strict';
import { freshInstrument } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { testApi } from '../support/services/test-api.js';
import { withWorkers } from '../support/services/workers.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

describe('the validations of the API', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('are started by bucket and method, tell how far they are, and give their report once they are concluded', async () => {
    const environment = await temporal();
    const instrument = freshInstrument();
    const { api, call, close, registry, policies } = await testApi({ folder: folder(), client: environment.client, instruments: [instrument] }); // prettier-ignore
    const { activities, calls } = stubActivities();
    const id = `validate-${instrument}-000001`;
    try {
      await withWorkers({ environment, activities }, async () => {
        const started = await call('POST', `/api/v1/instruments/${instrument}/validations`, { method: 'cpcv', bucket: 'Short' });
        assert.deepEqual([started.status, started.body], [200, { id, started: true }]);
        await until(async () => (await call('GET', `/api/v1/validations/${id}`)).body.phase === 'done');
        const { body } = await call('GET', `/api/v1/validations/${id}`);
        assert.deepEqual([body.bucket, body.method, body.finished, body.total, body.failure], ['Short', 'cpcv', 12, 12, null]);
        const planned = calls
          .filter(({ name }) => name === 'planValidation')
          .map(({ request }) => (request as { readonly bucket: string }).bucket);
        assert.deepEqual(planned, ['Short']);
      });
      const refused = async (method: string, path: string, sent?: unknown): Promise<unknown[]> => {
        const { status, body } = await call(method, path, sent);
        return [status, body.type];
      };
      assert.deepEqual(await refused('GET', `/api/v1/validations/${id}/report`), [404, 'urn:ratchet:no-report']);
      const store = (text: string): Promise<string> => policies.artifacts.put(new TextEncoder().encode(text));
      const payload = { validation: id, report: await store('{"method":"cpcv"}'), page: await store('<!doctype html><p>report</p>') };
      await registry.events.append({ kind: 'validated', instrument, actor: 'ratchet', payload });
      const page = await api.request(`/api/v1/validations/${id}/report`);
      assert.deepEqual([page.status, await page.text()], [200, '<!doctype html><p>report</p>']);
      assert.equal(page.headers.get('content-security-policy'), "default-src 'none'; style-src 'unsafe-inline'");
      assert.deepEqual((await call('GET', `/api/v1/validations/${id}/report?format=json`)).body, { method: 'cpcv' });
      const path = `/api/v1/instruments/${instrument}/validations`;
      assert.deepEqual(await refused('POST', path, { bucket: 'Schort' }), [422, 'urn:ratchet:unknown-bucket']);
      assert.deepEqual(await refused('POST', path, { method: 'k-fold' }), [422, 'urn:ratchet:invalid-input']);
      assert.deepEqual(await refused('POST', '/api/v1/instruments/NONE/validations', {}), [404, 'urn:ratchet:unknown-instrument']);
      assert.deepEqual(await refused('GET', `/api/v1/validations/validate-${instrument}-000009`), [404, 'urn:ratchet:no-validation']);
    } finally {
      await close();
    }
  });
});
