import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InvalidVersionReference, parseVersionReference, versionName } from '../../../src/domain/model/version-name.js';

describe('versionName', () => {
  it('is read back as the name that it is, whatever the number and time', () => {
    const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), times, (number, time) => {
        const name = versionName(number, time);
        assert.deepEqual(parseVersionReference(name), { kind: 'name', name });
      }),
    );
  });

  it('counts its time in UTC', () => {
    assert.equal(versionName(7, new Date('2026-11-21T11:15:00+01:00')), 'v7_20261121_101500');
  });
});

describe('parseVersionReference', () => {
  const cases = {
    v_20261121_101500: { kind: 'stamp', stamp: '20261121_101500' },
    continuous_learning_7: { kind: 'number', number: 7 },
    v12: { kind: 'number', number: 12 },
    champion: { kind: 'production', place: null },
    previous: { kind: 'previous' },
    best_model: { kind: 'production', place: null },
    'best_model_BTC-USDT': { kind: 'production', place: 'BTC-USDT' },
    best_model_ES_Scalping: { kind: 'production', place: 'ES_Scalping' },
    'models/best_model.pt': { kind: 'production', place: null },
    'models/v7_20261121_101500.onnx': { kind: 'name', name: 'v7_20261121_101500' },
  } as const;
  for (const [written, meant] of Object.entries(cases))
    it(`reads ${written}`, () => assert.deepEqual(parseVersionReference(written), meant));

  for (const written of [
    '',
    'v0',
    'v',
    '../best_model',
    'models/../../etc/passwd',
    '/tmp/best_model.pt',
    'v7_2026',
    'best_model_',
    "v1'; --",
  ])
    it(`refuses ${JSON.stringify(written)}`, () => assert.throws(() => parseVersionReference(written), InvalidVersionReference));
});
