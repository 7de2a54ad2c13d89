import assert from 'node:assert/strict';
import { changeSettings, configureLearner } from '../../../src/domain/learner/requests.js';
import { refuseConfiguration, refuseSettings } from '../../../src/domain/learner/settings.js';
import { newLearner, restoreLearner } from '../../../src/domain/learner/state.js';
import { quickSettings } from '../../support/loops/learners.js';

describe('settings of a learner', () => {
  const changed = changeSettings(newLearner('ES', quickSettings), { enabled: false });

  it('changed by hand outlive a change of the configuration, which moves the others', () => {
    const { settings } = configureLearner(changed, { ...quickSettings, quietMs: 5_000 });
    assert.deepEqual(settings, { ...quickSettings, enabled: false, quietMs: 5_000 });
  });

  it('are the configuration’s again when the change is taken back', () => {
    const configured = configureLearner(changed, { ...quickSettings, quietMs: 5_000 });
    assert.deepEqual(changeSettings(configured, { enabled: null }).settings, { ...quickSettings, quietMs: 5_000 });
  });

  it('of a state that knows no hand yet count as the configuration’s', () => {
    const { configured, byHand, settings } = restoreLearner({ instrument: 'ES', settings: { ...quickSettings, minFiles: 7 } });
    assert.deepEqual([configured.minFiles, byHand, settings.minFiles], [7, {}, 7]);
  });

  it('are refused where they are unknown, wrong, or as a configuration not whole', () => {
    assert.match(refuseSettings({ quiet: 1 }) ?? '', /unknown setting quiet/);
    assert.match(refuseSettings({ minFiles: 0 }) ?? '', /minFiles is 0: expected a number of at least 1/);
    assert.equal(refuseSettings({ minFiles: null }), null);
    const sequence = { buckets: [{ bucket: 'Scalping' }, { bucket: 'Short' }], transfer: false, pauseMs: 0 };
    for (const cycle of ['single', sequence, { ...sequence, parallel: 2 }]) assert.equal(refuseSettings({ cycle }), null);
    const [first] = sequence.buckets;
    for (const cycle of [
      'both',
      {},
      { ...sequence, parallel: 0 },
      { ...sequence, buckets: [] },
      { ...sequence, buckets: [first, first] },
      { ...sequence, buckets: [{ bucket: 'default' }] },
    ])
      assert.match(refuseSettings({ cycle }) ?? '', /expected single, or a sequence/);
    assert.equal(refuseConfiguration(quickSettings), null);
    assert.match(refuseConfiguration({ ...quickSettings, minFiles: null }) ?? '', /^minFiles missing/);
  });
});
