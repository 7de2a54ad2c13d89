import assert from 'node:assert/strict';
import { freshInstrument } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { temporal } from '../support/services/temporal.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testApi } from '../support/services/test-api.js';
import { until } from '../support/until.js';
import { withWorkers } from '../support/services/workers.js';

describe('the sequences of the API', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('are started with what is asked, looked at, and refused with the reason', async () => {
    const environment = await temporal();
    const instrument = freshInstrument();
    const { call, close } = await testApi({ folder: folder(), client: environment.client, instruments: [instrument] });
    const { activities, calls } = stubActivities();
    try {
      await withWorkers({ environment, activities }, async () => {
        const asked = {
          instrument,
          sequence: ['Short'],
          episodes: 3,
          ui_params: { horizon_range: [12, 48], frequency: '1h', capital_allocation: 0.3 },
        };
        const { status, body } = await call('POST', '/api/v1/sequences', asked);
        assert.deepEqual([status, body.id], [200, `sequence-${instrument}-000001`]);
        const progress = async () => (await call('GET', `/api/v1/sequences/sequence-${instrument}-000001`)).body;
        await until(async () => (await progress()).phase === 'done');
        const begun = calls.find(({ name }) => name === 'beginRun')?.request as { readonly plan: unknown };
        assert.deepEqual(begun.plan, {
          bucket: 'Short',
          episodes: 3,
          horizon: { shortest: 12, longest: 48 },
          frequency: '1h',
          capitalAllocation: 0.3,
          source: null,
        });
      });
      for (const [body, status, detail] of [
        [{ instrument, sequence: ['Short', 'Short'] }, 422, /bucket Short is named twice/],
        [{ instrument, sequence: ['Schort'] }, 422, /did you mean Short\?/],
        [{ instrument, ui_params: { horizon_range: [48, 12] } }, 422, /shortest first/],
        [{ instrument, parallel: 2 }, 422, /2 buckets at once were asked for, but each starts with what the one before it learned/],
        [{ instrument, curriculum: true, transfer: false }, 422, /a curriculum was asked for without transfer/],
        [{ instrument: 'NONE' }, 404, /instrument "NONE" is not configured here/],
      ] as const) {
        const refused = await call('POST', '/api/v1/sequences', body);
        assert.equal(refused.status, status, JSON.stringify(refused.body));
        assert.match(String(refused.body.detail), detail);
      }
      const listed = await call('GET', `/api/v1/transfers?instrument=${instrument}`);
      assert.deepEqual([listed.status, listed.body], [200, []]);
      for (const [body, status, detail] of [
        [{ instrument, from: 'Short', to: 'Schort' }, 422, /did you mean Short\?/],
        [{ instrument, from: 'Short', to: 'Long', kinds: ['wages'] }, 422, /kinds/],
        [{ instrument: 'NONE', from: 'Short', to: 'Long' }, 404, /is not configured here/],
      ] as const) {
        const refused = await call('POST', '/api/v1/transfers', body);
        assert.equal(refused.status, status, JSON.stringify(refused.body));
        assert.match(String(refused.body.detail), detail);
      }
      const unknown = await call('POST', `/api/v1/instruments/${freshInstrument()}/sequence/pause`);
      assert.deepEqual([unknown.status, unknown.body.title], [404, 'no sequence']);
    } finally {
      await close();
    }
  });

  it('train all regimes of a bucket that is named, and go on from the first that was trained of them', async () => {
    const environment = await temporal();
    const instrument = freshInstrument();
    const buckets = { Short: { horizon: { shortest: 1, longest: 2 }, features: ['return'], regimes: ['trending', 'calm'] } };
    const config = { buckets, progressive: { pauseBetweenBucketsSeconds: 0 } };
    const { call, close } = await testApi({ folder: folder(), client: environment.client, instruments: [instrument], config });
    const { activities } = stubActivities();
    try {
      await withWorkers({ environment, activities }, async () => {
        for (const [number, { expected = ['ShortTrending', 'ShortCalm'], ...asked }] of [
          { bucket: 'Short' },
          { sequence: ['ShortCalm', 'ShortTrending'], expected: ['ShortCalm', 'ShortTrending'] },
          { bucket: 'Short', resume: true, expected: ['ShortCalm', 'ShortTrending'] },
        ].entries()) {
          const { body } = await call('POST', '/api/v1/sequences', { instrument, ...asked });
          assert.equal(body.id, `sequence-${instrument}-00000${number + 1}`);
          const progress = async () => (await call('GET', `/api/v1/sequences/${String(body.id)}`)).body;
          await until(async () => (await progress()).phase === 'done');
          const trained = ((await progress()).results as readonly { readonly bucket: string }[]).map(({ bucket }) => bucket);
          assert.deepEqual(trained, expected);
        }
      });
    } finally {
      await close();
    }
  });
});
