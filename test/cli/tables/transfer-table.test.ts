import assert from 'node:assert/strict';
import { camelKeys, snakeMapping } from '../../../src/config/keys.js';
import { listedTransfer, transferTable } from '../../../src/cli/transfers/transfer-table.js';

const gain = { estimate: -0.012, lower: -0.02, upper: -0.004 };
const transfer = {
  run: 'sequence-ES-000001-Short',
  from: { bucket: 'Scalping', version: 'v1_20261121_101500' },
  to: 'Short',
  occasion: 'initial',
  kinds: ['featureImportance', 'horizons'],
  fallback: null,
  sizes: { featureImportance: 12, horizons: 5 },
  effect: { measured: true, seeds: 3, treated: gain, control: gain, gain },
  verdict: { used: false, reason: 'it harms on the sessions held back' },
};

describe('the table of transfers', () => {
  it('shows from the API what was handed on, what that did, and whether it is used', () => {
    const table = transferTable([listedTransfer.parse(camelKeys(snakeMapping(transfer)))]);
    for (const cell of [
      'Scalping v1_20261121_101500',
      'featureImportance, horizons',
      '−1.200 % (−2.000 % to −0.400 %)',
      ' no ',
      'it harms',
    ])
      assert.ok(table.includes(cell), `${cell} is not in\n${table}`);
  });

  it('says unmeasured where nothing was measured', () => {
    const effect = { measured: false, reason: 'the control was switched off to save its time' };
    assert.match(transferTable([listedTransfer.parse({ ...transfer, effect })]), /unmeasured/);
  });
});
