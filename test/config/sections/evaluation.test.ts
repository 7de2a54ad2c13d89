import assert from 'node:assert/strict';
import { ratchetConfig } from '../../../src/config/ratchet.js';

describe('the settings of evaluation and gate', () => {
  it('refuse, before a training is spent on them, what no bound can be computed at', () => {
    for (const refused of [
      { gate: { confidence: 0.5 } },
      { gate: { confidence: 1 } },
      { evaluation: { bootstrapReplicates: 99 } },
      { evaluation: { evaluationFraction: 1 } },
    ])
      assert.equal(ratchetConfig.safeParse(refused).success, false, JSON.stringify(refused));
    assert.equal(ratchetConfig.safeParse({ gate: { confidence: 0.99 }, evaluation: { bootstrapReplicates: 100 } }).success, true);
  });
});
