import assert from 'node:assert/strict';
import { factsOf } from '../../../src/domain/learner/next-step.js';
import { newLearner } from '../../../src/domain/learner/state.js';
import { triggerNames, type TriggerFacts, type TriggerName } from '../../../src/domain/triggers/trigger.js';
import { triggers, wantedBy } from '../../../src/domain/triggers/triggers.js';
import { quickSettings } from '../../support/loops/learners.js';

const HOUR = 3_600_000;
const settings = {
  ...quickSettings,
  retrainFrequency: 100,
  minExperiences: 250,
  performanceThreshold: -0.1,
  expirationMs: 48 * HOUR,
};
const quiet = factsOf(newLearner('ES', settings));

/** For each trigger the least that makes it due, and the most that does not. */
const cases: Readonly<Record<TriggerName, readonly [due: Partial<TriggerFacts>, not: Partial<TriggerFacts>]>> = {
  manual: [{ request: { full: false, reason: 'asked' } }, {}],
  newData: [
    { window: { firstMs: 5, lastMs: 5 }, files: 1 },
    { window: { firstMs: 5, lastMs: 5 }, files: 0 },
  ],
  experiences: [{ experiences: { total: 250, fresh: 100 } }, { experiences: { total: 249, fresh: 249 } }],
  schedule: [{ notices: [{ trigger: 'schedule', reason: 'weekly', full: true }] }, {}],
  performance: [{ measured: { version: 'v1', netReturn: -0.1001, days: 7 } }, { measured: { version: 'v1', netReturn: -0.1, days: 7 } }],
  drift: [
    { notices: [{ trigger: 'drift', reason: 'PSI of return', full: false }] },
    { notices: [{ trigger: 'health', reason: 'x', full: false }] },
  ],
  health: [{ notices: [{ trigger: 'health', reason: 'answers NaN', full: false }] }, {}],
  age: [{ trainedMs: 0 }, { trainedMs: null }],
  custom: [{ notices: [{ trigger: 'custom', reason: 'mine', full: false }] }, {}],
};

describe('each trigger', () => {
  for (const name of triggerNames)
    it(`wants a training for what it is about, with a reason, and for nothing less (${name})`, () => {
      const [due, not] = cases[name];
      const { find } = triggers[name];
      const found = find({ ...quiet, ...due }, settings);
      assert.ok(found !== null && found.reason !== '');
      assert.equal(find({ ...quiet, ...not }, settings), null);
      assert.equal(find(quiet, settings), null);
      assert.deepEqual(
        wantedBy({ ...quiet, ...due }, settings, 0).map(({ trigger }) => trigger),
        [name],
      );
    });

  it('that is not set never wants one', () => {
    const off = { ...settings, retrainFrequency: 0, performanceThreshold: -1, expirationMs: 0 };
    const facts = { ...quiet, ...cases.experiences[0], ...cases.performance[0], ...cases.age[0] };
    assert.deepEqual(wantedBy(facts, off, 0), []);
  });

  it('keeps its distance from the training before, but for people and new data', () => {
    const facts = triggerNames.reduce<TriggerFacts>(
      (all, name) => ({ ...all, ...cases[name][0], notices: [...all.notices, ...(cases[name][0].notices ?? [])] }),
      quiet,
    );
    const wanted = wantedBy(facts, settings, 1_000 * HOUR);
    assert.deepEqual(
      wanted.filter(({ spaced }) => !spaced).map(({ trigger, dueMs }) => [trigger, dueMs]),
      [
        ['manual', 0],
        ['newData', 155],
      ],
    );
    assert.deepEqual(
      wanted.filter(({ spaced }) => spaced).map(({ dueMs }) => dueMs),
      Array.from({ length: 7 }, () => 1_000 * HOUR),
    );
  });
});
