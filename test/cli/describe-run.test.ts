import assert from 'node:assert/strict';
import { describeRun } from '../../src/cli/start/describe-run.js';
import type { Progress } from '../../src/client/watch-progress.js';
import { newLearner } from '../../src/domain/learner/state.js';
import { learnerStatus } from '../../src/domain/learner/status.js';
import { newTrainingRun, progressOf, type TrainingRun } from '../../src/domain/training/training-run.js';
import { quickSettings } from '../support/loops/learners.js';
import { frozenDataset } from '../support/loops/stubbed-activities.js';

const learner = learnerStatus({ ...newLearner('ES', quickSettings), recalled: true }, 0);
const run = (changes: Partial<TrainingRun>): Progress['training'] =>
  progressOf({
    ...newTrainingRun({
      runId: 'train-ES-000001',
      instrument: 'ES',
      bucket: 'default',
      cycle: 1,
      reason: '1 new file',
      full: false,
      asked: false,
      files: [],
      lists: [],
    }),
    ...changes,
  });
const trainer = {
  phase: 'training',
  step: 30_000,
  trainSteps: 120_000,
  stepsPerSecond: 1_500,
  loss: 0.01234,
  episodeReturn: null,
} as const;

describe('describeRun', () => {
  it('says what an idle learner waits for', () => {
    assert.equal(describeRun({ learner, training: null, activity: null }, 0).text, 'ES: waiting for new exports (0 of 1 new files)');
  });

  it('tells the day of a time that is not today, and gives a count that grows no line of its own', () => {
    const nowMs = new Date(2026, 10, 21, 12).getTime();
    const waiting = (count: number, until: Date) =>
      describeRun(
        {
          learner: { ...learner, phase: 'debouncing', whyNotYet: `then: ${count} new experiences`, until: until.toISOString() },
          training: null,
          activity: null,
        },
        nowMs,
      );
    const [today, tomorrow] = [new Date(2026, 10, 21, 18, 30), new Date(2026, 10, 22, 18, 30)];
    assert.equal(waiting(7, today).text, 'ES: then: 7 new experiences, until 18:30:00');
    assert.equal(waiting(7, tomorrow).text, 'ES: then: 7 new experiences, until 2026-11-22 18:30:00');
    assert.equal(waiting(7, today).phase, waiting(800, today).phase);
    assert.notEqual(waiting(7, today).phase, waiting(7, tomorrow).phase);
  });

  it('says what an activity does in its own words, and marks simulated data once it is known', () => {
    const activity = {
      name: 'freezeDataset',
      attempt: 1,
      lastFailure: null,
      heardAt: null,
      doing: 'ingesting file 3 of 16',
      training: null,
    };
    const before = describeRun({ learner, training: run({ phase: 'freezing' }), activity }, 0);
    assert.equal(before.text, 'ES: reading the exports into one frozen dataset (ingesting file 3 of 16)');
    const after = describeRun({ learner, training: run({ phase: 'evaluating', dataset: frozenDataset }), activity: null }, 0);
    assert.equal(after.text, 'ES (simulated): playing candidate and baselines on the held-out sessions');
  });

  it("shows step, speed, loss and the time left from the trainer's heartbeat", () => {
    const begun = { trainSteps: 120_000 } as const;
    const training = { ...run({ phase: 'training' }), steps: begun.trainSteps } as Progress['training'];
    const { text, live } = describeRun(
      {
        learner,
        training,
        activity: { name: 'trainChunk', attempt: 1, lastFailure: null, heardAt: null, doing: null, training: trainer },
      },
      0,
    );
    assert.equal(text, 'ES: training, step 30,000 of 120,000 (25 %), 1,500 steps/s, loss 0.0123, 1:00 left');
    assert.equal(live, 'ES: ███░░░░░░░░░ 25 %, step 30,000, 1,500 steps/s, loss 0.0123, 1:00 left');
  });

  it('keeps the phase while only figures change, and changes it with a failed attempt, whose reason it gives', () => {
    const training = run({ phase: 'training' });
    const at = (step: number, attempt: number) =>
      describeRun(
        {
          learner,
          training,
          activity: {
            name: 'trainChunk',
            attempt,
            lastFailure: attempt > 1 ? 'the trainer stopped\nat x' : null,
            heardAt: null,
            doing: null,
            training: { ...trainer, step },
          },
        },
        0,
      );
    assert.equal(at(1, 1).phase, at(2, 1).phase);
    assert.notEqual(at(2, 1).phase, at(2, 2).phase);
    assert.match(at(2, 2).text, /attempt 2 after: the trainer stopped,/);
  });

  it('says that nothing is heard of an activity, instead of its old figures, when its heartbeats stop', () => {
    const activity = { name: 'trainChunk', attempt: 1, lastFailure: null, heardAt: 100_000, doing: null, training: trainer };
    const at = (nowMs: number): string => describeRun({ learner, training: run({ phase: 'training' }), activity }, nowMs).text;
    assert.match(at(120_000), /step 30,000/);
    assert.equal(at(165_000), 'ES: training: no sign of life for 1:05; after 1:30 Temporal starts it anew');
  });
});
