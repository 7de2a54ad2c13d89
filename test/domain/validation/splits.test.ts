import assert from 'node:assert/strict';
import fc from 'fast-check';
import { binomial } from '../../../src/domain/validation/combinations.js';
import { combinatorialPurged } from '../../../src/domain/validation/combinatorial.js';
import { TooFewSessions } from '../../../src/domain/validation/session-groups.js';
import type { Gap, SplitPlan } from '../../../src/domain/validation/split.js';
import { walkForward } from '../../../src/domain/validation/walk-forward.js';

/** Sessions of these numbers of bars. */
const startsOf = (lengths: readonly number[]): number[] => lengths.reduce((starts, bars) => [...starts, starts.at(-1)! + bars], [0]);
const even = startsOf(Array.from({ length: 24 }, () => 10));
const none: Gap = { before: 0, after: 0 };

const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 12, maxLength: 60 });
/** Look-back and label of a decision, and an embargo. */
const reach = fc.record({ lookback: fc.nat(12), label: fc.nat(12), embargo: fc.nat(10) });

/** Plans as long as there are sessions enough. */
const planned = (make: () => SplitPlan): SplitPlan | null => {
  try {
    return make();
  } catch (error) {
    if (error instanceof TooFewSessions) return null;
    throw error;
  }
};

/** Each bar that is trained on uses bars and labels of its own: none of them belongs to what any judged bar uses. */
const assertApart = ({ splits }: SplitPlan, { lookback, label, embargo }: { lookback: number; label: number; embargo: number }): void => {
  for (const { training, test } of splits)
    for (const trained of training)
      for (const judged of test) {
        const before = trained.to - 1 + label < judged.from - lookback + 1;
        const after = trained.from - lookback + 1 - embargo > judged.to - 1 + label;
        assert.ok(before || after, `${JSON.stringify(trained)} and ${JSON.stringify(judged)}`);
      }
};

describe('walk-forward splits', () => {
  it('train on all before each fold when they expand, on as many sessions when they roll, and judge on what comes next', () => {
    const ranges = (window: 'rolling' | 'expanding') =>
      walkForward({ starts: even, folds: 3, window, gap: { before: 10, after: 10 } }).splits.map(({ training, test }) => [training, test]);
    assert.deepEqual(ranges('expanding'), [
      [[{ from: 0, to: 110 }], [{ from: 120, to: 160 }]],
      [[{ from: 0, to: 150 }], [{ from: 160, to: 200 }]],
      [[{ from: 0, to: 190 }], [{ from: 200, to: 240 }]],
    ]);
    assert.deepEqual(ranges('rolling'), [
      [[{ from: 0, to: 110 }], [{ from: 120, to: 160 }]],
      [[{ from: 40, to: 150 }], [{ from: 160, to: 200 }]],
      [[{ from: 80, to: 190 }], [{ from: 200, to: 240 }]],
    ]);
  });

  it('never train on what comes after a fold, nor within the gap before it, whatever the sessions', () => {
    fc.assert(
      fc.property(lengths, reach, fc.integer({ min: 1, max: 6 }), fc.constantFrom('rolling', 'expanding'), (bars, span, folds, window) => {
        const purge = span.lookback + span.label;
        const plan = planned(() => walkForward({ starts: startsOf(bars), folds, window, gap: { before: purge, after: purge + span.embargo } })); // prettier-ignore
        if (plan === null) return;
        assertApart(plan, span);
        for (const { training, test } of plan.splits) assert.ok(training.every(({ to }) => to <= test[0]!.from));
        assert.deepEqual(plan.paths, [plan.groups.map((_, group) => ({ group, split: group }))]);
        assert.equal(plan.groups.at(-1)!.to, startsOf(bars).at(-1));
      }),
      { seed: 5 },
    );
  });

  it('are refused where a fold has no session to train on before it', () => {
    assert.throws(
      () => walkForward({ starts: even, folds: 3, window: 'expanding', gap: { before: 111, after: 0 } }),
      /^TooFewSessions: no session lies 111 bars before fold 1 of 3, which begins at bar 120/,
    );
    assert.throws(() => walkForward({ starts: even, folds: 13, window: 'rolling', gap: none }), /12 sessions cannot be cut into 13 groups/);
  });
});

describe('combinatorial purged splits', () => {
  it('are fifteen with five paths for two of six groups', () => {
    const { splits, paths } = combinatorialPurged({ starts: even, groups: 6, tested: 2, gap: none });
    assert.deepEqual([splits.length, paths.length], [15, 5]);
    assert.deepEqual(splits[0], {
      name: 's01',
      training: [{ from: 80, to: 240 }],
      test: [{ from: 0, to: 40 }, { from: 40, to: 80 }], // prettier-ignore
      tested: [0, 1],
    });
    assert.deepEqual(paths[0], [0, 0, 1, 2, 3, 4].map((split, group) => ({ group, split }))); // prettier-ignore
  });

  it('make k·C(N, k)/N paths, each through all groups once, and use each judged group of each split once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 7 }), (groups, more) => {
        const tested = 1 + (more % (groups - 1));
        const { splits, paths } = combinatorialPurged({ starts: even, groups, tested, gap: none });
        assert.equal(splits.length, binomial(groups, tested));
        assert.equal(paths.length, (tested * binomial(groups, tested)) / groups);
        for (const path of paths) assert.deepEqual(path.map(({ group }) => group), [...Array(groups).keys()]); // prettier-ignore
        const used = paths.flat().map(({ group, split }) => `${group} ${split}`);
        const judged = splits.flatMap((split, index) => split.tested.map((group) => `${group} ${index}`));
        assert.deepEqual(used.sort(), judged.sort());
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it('keep whole sessions, and apart from every judged bar by look-back, label and embargo, whatever the sessions', () => {
    fc.assert(
      fc.property(lengths, reach, fc.integer({ min: 3, max: 7 }), fc.integer({ min: 1, max: 2 }), (bars, span, groups, tested) => {
        const purge = span.lookback + span.label;
        const starts = startsOf(bars);
        const gap = { before: purge, after: purge + span.embargo };
        const plan = planned(() => combinatorialPurged({ starts, groups, tested, gap }));
        if (plan === null) return;
        assertApart(plan, span);
        for (const { training, test } of plan.splits)
          for (const { from, to } of [...training, ...test]) assert.ok(starts.includes(from) && starts.includes(to));
      }),
      { seed: 7 },
    );
  });

  it('lose no session that is farther from what is judged than the gap', () => {
    const { splits } = combinatorialPurged({ starts: even, groups: 6, tested: 1, gap: { before: 15, after: 25 } });
    assert.deepEqual(splits[2]!.training, [{ from: 0, to: 60 }, { from: 150, to: 240 }]); // prettier-ignore
  });

  it('are refused for all groups, for none, and where nothing is left to train on', () => {
    for (const tested of [0, 6])
      assert.throws(() => combinatorialPurged({ starts: even, groups: 6, tested, gap: none }), /of 6 groups cannot be judged on/);
    assert.throws(
      () => combinatorialPurged({ starts: even, groups: 3, tested: 2, gap: { before: 90, after: 90 } }),
      /groups 1 and 2 of 3 leave no session to train on, 90 bars before them and 90 after/,
    );
  });
});
