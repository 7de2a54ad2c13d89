import assert from 'node:assert/strict';
import { cultureOf } from '../../../src/domain/nt8/culture.js';

describe('cultureOf', () => {
  for (const [tag, written, value] of [
    ['en-US', '$1,250.50', 1_250.5],
    ['en-US', '($400.00)', -400],
    ['en-US', '-$4.30', -4.3],
    ['en-US', '20021.25', 20_021.25],
    ['en-US', '6387,50', null],
    ['en-US', '1.2.3', null],
    ['en-US', 'n/a', null],
    ['de-DE', '1.250,50 €', 1_250.5],
    ['de-DE', '-4,30 €', -4.3],
    ['de-DE', '6387.5', null],
    ['fr-FR', '1\u202f250,50 $', 1_250.5],
    ['fr-FR', '1 250,50 $', 1_250.5],
  ] as const)
    it(`reads ${JSON.stringify(written)} by ${tag} as ${value ?? 'no number'}`, () => {
      assert.equal(cultureOf(tag)?.number(written), value);
    });

  for (const [tag, written, time] of [
    ['en-US', '9/15/2026 9:35:00 AM', '2026-09-15T09:35:00'],
    ['en-US', '9/15/2026 12:05:01 AM', '2026-09-15T00:05:01'],
    ['en-US', '9/15/2026 3:31:02\u202fPM', '2026-09-15T15:31:02'],
    ['en-US', '15/9/2026 9:35:00 AM', null],
    ['en-US', '2/30/2026 9:35:00 AM', null],
    ['fr-FR', '16/09/2026 15:31:02', '2026-09-16T15:31:02'],
    ['de-DE', '16.09.2026 15:31:02', '2026-09-16T15:31:02'],
    ['en-GB', '2026-09-16 15:31:02', '2026-09-16T15:31:02'],
    ['en-GB', '05/06/2026 25:31:02', null],
  ] as const)
    it(`reads ${JSON.stringify(written)} by ${tag} as ${time ?? 'no time'}`, () => {
      assert.equal(cultureOf(tag)?.time(written), time);
    });

  it('knows no culture of what is no tag', () => {
    assert.equal(cultureOf('not a tag'), null);
  });
});
