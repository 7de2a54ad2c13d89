import assert from 'node:assert/strict';
import { liveVirtually, type LearnerEvent, type VirtualWorld } from '../../support/loops/virtual-learner.js';
import { quickSettings } from '../../support/loops/learners.js';

const SECOND = 1_000;
const settings = { ...quickSettings, quietMs: 30 * SECOND, maxWaitMs: 600 * SECOND };

const live = (events: readonly LearnerEvent[], more: Partial<VirtualWorld> = {}): (readonly [number, string])[] =>
  liveVirtually({ fromMs: 0, toMs: 7_200 * SECOND, settings, events, blackouts: [], trainingMs: () => 60 * SECOND, ...more }).map(
    ({ files, outcome }) => [files, outcome.kind] as const,
  );

describe('the debounce', () => {
  it('makes one training of 10,000 files within a minute, with every file in it', () => {
    const events = Array.from({ length: 10_000 }, (_, index): LearnerEvent => ({ atMs: index * 6, kind: 'file' }));
    assert.deepEqual(live(events), [[10_000, 'actedOn']]);
  });

  it('trains after the longest wait where a file comes every 20 seconds without end', () => {
    const events = Array.from({ length: 180 }, (_, index): LearnerEvent => ({ atMs: index * 20 * SECOND, kind: 'file' }));
    const trained = live(events, { trainingMs: () => SECOND });
    // Each wait of 600 s takes in 31 files (at 0, 20 … 600 s); the next begins with the file after.
    assert.deepEqual(trained.slice(0, 5), [
      [31, 'actedOn'],
      [31, 'actedOn'],
      [31, 'actedOn'],
      [31, 'actedOn'],
      [31, 'actedOn'],
    ]);
    assert.equal(
      trained.reduce((sum, [files]) => sum + files, 0),
      180,
    );
  });
});
