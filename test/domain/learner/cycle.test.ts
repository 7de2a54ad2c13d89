import assert from 'node:assert/strict';
import { finishPass, finishTraining, startTraining } from '../../../src/domain/learner/cycle.js';
import { nextStep } from '../../../src/domain/learner/next-step.js';
import { recordExperiences, recordMeasurement, recordNotice } from '../../../src/domain/learner/notices.js';
import { requestRetrain } from '../../../src/domain/learner/requests.js';
import { newLearner, type LearnerState } from '../../../src/domain/learner/state.js';
import { cycleOfRun } from '../../../src/domain/ids.js';
import { failBucket, filesOf, finishBucket, newPass, sequenceProgress, type Sequence } from '../../../src/domain/sequence/sequence.js';
import type { TrainingResult } from '../../../src/domain/training/training-run.js';
import { quickSettings } from '../../support/loops/learners.js';

const learner = newLearner('ES', { ...quickSettings, performanceThreshold: -0.05 });

/** After a training that left `live` in production and during which production's `version` was measured to lose. */
const after = (version: string, live: string): LearnerState => {
  const training = startTraining(requestRetrain(learner, { reason: 'first' }, 'a', 0), 0);
  const measured = recordMeasurement(training, { id: 'm', version, net_return: -0.2, days: 5 }, 1);
  const result = {
    kind: 'decided',
    runId: training.running.runId,
    version: 'v2',
    verdict: 'PROMOTE',
    installedAs: 'production',
    live: { version: live, role: 'production' },
    sharpe: 1,
    summary: 'better',
  } as const;
  return finishTraining(measured, result, 2);
};

describe('a loss that was measured during a training', () => {
  it('asks for another one where the version is still live', () => {
    assert.equal(nextStep(after('v1', 'v1'), 3).kind, 'train');
  });

  it('asks for nothing where that training has replaced the version', () => {
    const state = after('v1', 'v2');
    assert.notEqual(nextStep(state, 3).kind, 'train');
    assert.equal(state.measured, null);
    assert.deepEqual(state.ledger.entries.at(-1)?.outcome, { kind: 'dropped', because: 'v1 is no longer live' });
  });
});

describe('a pass over the buckets', () => {
  const request = { buckets: [{ bucket: 'Scalping' }, { bucket: 'Short' }], transfer: true, pauseMs: 0 };
  const buckets = newLearner('ES', { ...quickSettings, performanceThreshold: -0.05, retrainFrequency: 10, cycle: request });
  const file = { id: 'f', pathId: 'ES/1.txt', bytes: 1, sha256: '0' };
  const begun = startTraining(requestRetrain({ ...buckets, pending: [file] }, { reason: 'a new fee' }, 'a', 0), 0);
  const fresh = newPass('ES', request, begun.running);
  const plan = (bucket: string) => ({ bucket, source: null });
  const runId = (bucket: string): string => `train-ES-000001-${bucket}`;
  const decided = (sequence: Sequence, bucket: string, verdict: 'PROMOTE' | 'HOLD'): Sequence => {
    const live = { version: `${bucket}'s`, role: 'production' } as const;
    const installedAs = verdict === 'PROMOTE' ? 'production' : 'challenger';
    const result: TrainingResult = {
      kind: 'decided',
      runId: runId(bucket),
      version: 'v2',
      verdict,
      installedAs,
      live,
      sharpe: 1,
      summary: '',
    };
    return finishBucket(sequence, plan(bucket), result);
  };
  const failed = (sequence: Sequence, bucket: string, type = 'Diverged'): Sequence =>
    failBucket(sequence, plan(bucket), { bucket, runId: runId(bucket), type, message: 'NaN', advice: '' });
  const skipped = (sequence: Sequence, bucket: string): Sequence =>
    finishBucket(sequence, plan(bucket), { kind: 'skipped', runId: runId(bucket), summary: 'nothing new' });
  const ended = (sequence: Sequence): LearnerState => finishPass(begun, sequenceProgress(sequence), 5);

  it('is one training of the learner: its id, files, reason and urgency', () => {
    assert.equal(fresh.id, 'train-ES-000001');
    assert.deepEqual(fresh.pass, { files: [file], lists: [], full: false, asked: true, reason: 'a new fee', priority: 3 });
  });

  it('helped when any bucket has a better model, and tells of that', () => {
    const { lastDecision, lastOutcome, production, ledger, running } = ended(
      decided(decided(fresh, 'Scalping', 'PROMOTE'), 'Short', 'HOLD'),
    );
    assert.deepEqual([lastDecision?.runId, lastDecision?.verdict], ['train-ES-000001', 'PROMOTE']);
    assert.equal(lastOutcome?.summary, 'Scalping PROMOTE v2; Short HOLD v2');
    assert.deepEqual(ledger.entries.at(-1)?.outcome, {
      kind: 'actedOn',
      run: 'train-ES-000001',
      result: lastOutcome.summary,
      helped: true,
    });
    assert.deepEqual([production, running], [null, null]);
  });

  it('goes on without a bucket that failed, and says so', () => {
    const { failure, lastOutcome } = ended(decided(failed(fresh, 'Scalping'), 'Short', 'HOLD'));
    assert.deepEqual([failure, lastOutcome?.summary], [null, 'Scalping failed: Diverged: NaN; Short HOLD v2']);
  });

  it('failed when every bucket did, or the only one with anything new: its files wait for the next', () => {
    for (const first of [failed, skipped]) {
      const { failure, pending } = ended(failed(first(fresh, 'Scalping'), 'Short'));
      assert.deepEqual([failure?.type, failure?.attempts, pending], ['Diverged', 1, [file]]);
    }
  });

  it('that failed in several ways is tried again by itself where one of them may pass', () => {
    const { failure } = ended(failed(failed(fresh, 'Scalping', 'InvalidConfig'), 'Short', 'TimeoutHEARTBEAT'));
    assert.equal(failure?.type, 'TimeoutHEARTBEAT');
    assert.notEqual(failure.retryAtMs, null);
  });

  it('is skipped when no bucket had anything new', () => {
    const { lastOutcome, lastTrainedAt } = ended(skipped(skipped(fresh, 'Scalping'), 'Short'));
    assert.deepEqual([lastOutcome?.kind, lastTrainedAt], ['skipped', null]);
  });

  it('that was stopped pauses the learner, and its files wait', () => {
    const { paused, pending, lastDecision } = ended({ ...decided(fresh, 'Scalping', 'PROMOTE'), stopping: true });
    assert.deepEqual([paused?.reason, pending, lastDecision?.verdict], ['train-ES-000001 was stopped', [file], 'PROMOTE']);
  });

  it('is asked for by nothing that looks at the model of bucket default', () => {
    const losing = recordMeasurement(buckets, { id: 'm', version: 'v1', net_return: -0.9, days: 7 }, 1);
    const lived = recordExperiences(losing, { id: 'e', count: 1_000_000 }, 1);
    const told = recordNotice(
      recordNotice(lived, 'health', { id: 'h', reason: 'NaN' }, 1),
      'drift',
      { id: 'd', reason: 'other market' },
      1,
    );
    assert.equal(nextStep(told, 2).kind, 'idle');
    const outcomes = told.ledger.entries.map(({ trigger, outcome }) => [trigger, outcome.kind]);
    assert.deepEqual(outcomes, [['performance', 'dropped'], ['experiences', 'dropped'], ['health', 'dropped'], ['drift', 'dropped']]); // prettier-ignore
    const before = recordNotice(
      { ...buckets, settings: { ...buckets.settings, cycle: 'single' } },
      'health',
      { id: 'h', reason: 'NaN' },
      1,
    );
    assert.equal(nextStep({ ...before, settings: buckets.settings }, 2).kind, 'idle');
    assert.equal(nextStep(recordNotice(buckets, 'schedule', { id: 's', reason: 'nightly' }, 1), 2).kind, 'train');
  });

  it('has the number of its cycle in the runs of its buckets, by which a learner that starts anew counts on', () => {
    for (const [run, cycle] of [
      ['train-ES-000042', 42],
      ['train-ES-000042-Short', 42],
      ['train-ES-000042-Short-back-2', 42],
      ['train-ES-000042-7', null],
      ['train-ES-42', null],
      ['sequence-ES-000042-Short', null],
      ['train-MES-000042', null],
    ] as const)
      assert.equal(cycleOfRun('ES', run), cycle, run);
  });

  it('gives its files to the buckets until one has taken them in', () => {
    const files = (sequence: Sequence): number => filesOf(sequence).files.length;
    assert.deepEqual([files(fresh), files(failed(fresh, 'Scalping')), files(skipped(fresh, 'Scalping'))], [1, 1, 0]);
  });
});
