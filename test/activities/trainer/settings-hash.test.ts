import assert from 'node:assert/strict';
import { settingsHash } from '../../../src/activities/trainer/settings-hash.js';
import { handOnPlan } from '../../../src/config/buckets/bucket-training.js';
import { ratchetConfig } from '../../../src/config/ratchet.js';
import { trainingConfig } from '../../../src/config/sections/training.js';
import { costlyInstrument } from '../../support/market/random-bars.js';

const hashWith = (training: object): string =>
  settingsHash({
    training: trainingConfig.parse(training),
    instrument: costlyInstrument,
    trainingRange: { from: 0, to: 360 },
    parent: null,
  });

describe('settingsHash', () => {
  it('of the default settings is what it was before the agent had options, so that older checkpoints are gone on from', () => {
    assert.equal(hashWith({}), '86a854d3427d91318c620dc0f0ef0517924e689964d4555a8c34a947a06a8945');
  });

  it('changes with what another bucket hands on', () => {
    const settings = {
      training: trainingConfig.parse({}),
      instrument: costlyInstrument,
      trainingRange: { from: 0, to: 360 },
      parent: null,
    };
    const { progressive } = ratchetConfig.parse({});
    const other = { ...progressive, transfer: { ...progressive.transfer, weightAlpha: 0.5 } };
    const plans = [handOnPlan(progressive, { bundle: 'a' }), handOnPlan(progressive, { bundle: 'b' }), handOnPlan(other, { bundle: 'a' })];
    const hashes = [settingsHash(settings), ...plans.map((transfer) => settingsHash({ ...settings, transfer }))];
    assert.equal(new Set(hashes).size, 4);
  });

  it('changes with each setting of the agent, and with the rollouts where they are used', () => {
    const hashes = [
      {},
      { agent: { layerNorm: true } },
      { agent: { dueling: false } },
      { agent: { quantiles: 8 } },
      { agent: { products: 'bfloat16' } },
      { agent: { quantiles: 8, cvar: 0.5 } },
      { agent: { exploration: 'noisy' } },
      { agent: { exploration: 'adaptive' } },
      { agent: { targetEvery: 100 } },
      { agent: { encoder: 'conv' } },
      { agent: { encoder: 'conv', convolution: [{ stride: 3, channels: 8 }] } },
      { recycle: { every: 0 } },
      { environment: { regime: 'calm' } },
      { environment: { regime: 'stressed' } },
      { agent: { algorithm: 'pqn', layerNorm: true } },
      { agent: { algorithm: 'pqn', layerNorm: true }, pqn: { lambda: 0.5 } },
    ].map(hashWith);
    assert.equal(new Set(hashes).size, hashes.length);
    assert.equal(hashWith({ pqn: { lambda: 0.5 } }), hashWith({}));
    assert.equal(hashWith({ agent: { convolution: [{ stride: 3, channels: 8 }] } }), hashWith({}));
  });
});
