import assert from 'node:assert/strict';
import { acceptFile } from '../../src/market/formats/accept-file.js';

describe('acceptFile', () => {
  const known = ['ES', 'MNQ', 'BTC-USDT'];

  it('takes every configured instrument by its name when none is wanted, and says why not the others', () => {
    const accept = acceptFile([], known);
    assert.deepEqual(['MNQ 03-22.Last.txt', 'BTC_USDT-5m.csv', 'notes.md'].map(accept), ['MNQ', 'BTC-USDT', null]);
    assert.deepEqual(accept('CL 03-22.Last.txt'), { unused: 'instrument CL is not configured; known are ES, MNQ, BTC-USDT' });
    assert.match(JSON.stringify(accept('minutes.csv')), /does not say whose bars/);
  });

  it("passes over other instruments' files in silence when some are wanted", () => {
    assert.deepEqual(['ES 03-22.Last.txt', 'MNQ 03-22.Last.txt'].map(acceptFile(['MNQ'], known)), [null, 'MNQ']);
  });

  it('gives a file whose name does not say to the one instrument that is wanted alone', () => {
    assert.equal(acceptFile(['MNQ'], known)('minutes.csv'), 'MNQ');
    assert.match(JSON.stringify(acceptFile(['MNQ', 'ES'], known)('minutes.csv')), /does not say whose bars/);
  });

  it('never uses bid and ask prices as bars', () => {
    assert.match(JSON.stringify(acceptFile(['ES'], known)('ES 03-20.Bid.txt')), /bid prices are not used/);
    assert.match(JSON.stringify(acceptFile([], known)('ES 03-20.Ask.txt')), /ask prices are not used/);
    assert.equal(acceptFile(['MNQ'], known)('ES 03-20.Bid.txt'), null);
  });
});
