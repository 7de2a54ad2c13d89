import assert from 'node:assert/strict';
import { createJsonReporter } from '../../src/cli/start/json-reporter.js';
import { createTextReporter } from '../../src/cli/start/text-reporter.js';
import type { FollowedEnd } from '../../src/cli/start/follow-trainings.js';
import type { Progress } from '../../src/client/watch-progress.js';
import { judge } from '../../src/domain/gate/judge.js';
import { newLearner } from '../../src/domain/learner/state.js';
import { learnerStatus } from '../../src/domain/learner/status.js';
import { newTrainingRun, progressOf } from '../../src/domain/training/training-run.js';
import { evidence, score, settings } from '../support/evaluation/gate-evidence.js';
import { quickSettings } from '../support/loops/learners.js';
import { frozenDataset } from '../support/loops/stubbed-activities.js';

const runId = 'train-ES-000001';
const learner = learnerStatus({ ...newLearner('ES', quickSettings), recalled: true }, 0);
const newRun = newTrainingRun({
  runId,
  instrument: 'ES',
  bucket: 'default',
  cycle: 1,
  reason: '',
  full: false,
  asked: false,
  files: [],
  lists: [],
});
const atStep = (step: number): Progress => ({
  learner,
  training: progressOf({ ...newRun, phase: 'training' }),
  activity: {
    name: 'trainChunk',
    attempt: 1,
    lastFailure: null,
    heardAt: null,
    doing: null,
    training: { phase: 'training', step, trainSteps: 100, stepsPerSecond: 10, loss: 0.5, episodeReturn: null },
  },
});

const ended = (changed: Parameters<typeof evidence>[0]): FollowedEnd => {
  const decision = judge(evidence(changed), settings());
  return {
    instrument: 'ES',
    outcome: { runId, kind: 'decided', summary: decision.summary, at: '2026-03-20T21:00:00.000Z' },
    decision: {
      runId,
      version: 'v1_20260320_210000',
      verdict: decision.verdict,
      sharpe: 2,
      summary: decision.summary,
      at: '2026-03-20T21:00:00.000Z',
    },
    run: progressOf({ ...newRun, phase: 'done', dataset: frozenDataset, decision, version: 'v1_20260320_210000' }),
  };
};

const recorded = (isTty: boolean) => {
  let written = '';
  let now = 0;
  const terminal = { isTty, colours: false, columns: () => 200, write: (text: string) => void (written += text) };
  return {
    reporter: createTextReporter(terminal, () => now),
    lines: () => written.split('\n').filter((line) => line !== ''),
    written: () => written,
    pass: (ms: number) => void (now += ms),
  };
};

describe('the text reporter', () => {
  it('writes a line for a change of phase and then one every five seconds into a pipe', () => {
    const { reporter, lines, pass } = recorded(false);
    reporter.progress(atStep(1));
    pass(4_999);
    reporter.progress(atStep(2));
    pass(1);
    reporter.progress(atStep(3));
    reporter.progress(atStep(4));
    assert.deepEqual(
      lines().map((line) => /step (\d+)/.exec(line)?.[1]),
      ['1', '3'],
    );
  });

  it('rewrites one line on a terminal, and leaves it when its phase is over', () => {
    const { reporter, written, pass } = recorded(true);
    reporter.progress(atStep(1));
    pass(60_000);
    reporter.progress(atStep(50));
    assert(!written().includes('\n'));
    assert(written().endsWith('\r\u001b[2KES: ██████░░░░░░ 50 %, step 50, 10 steps/s, loss 0.500, 0:05 left'));
    reporter.progress({ learner, training: progressOf({ ...newRun, phase: 'judging' }), activity: null });
    assert(written().endsWith('\r\u001b[2KES: training, step 50 of 100 (50 %), 10 steps/s, loss 0.500, 0:05 left\n\r\u001b[2KES: judging'));
  });

  it("links to the API and to each learner's page, or says where an external Temporal is", () => {
    const endpoints = {
      supervisor: 1,
      databaseUrl: 'postgres://x',
      temporalAddress: '127.0.0.1:7233',
      temporalNamespace: 'default',
      api: 'http://127.0.0.1:8200',
      variables: {},
    };
    const own = recorded(false);
    own.reporter.ready({ ...endpoints, temporalUi: 'http://127.0.0.1:8233' }, ['ES', 'MNQ'], 4.25);
    assert.deepEqual(
      own.lines().map((line) => line.trim().replace(/ {2,}/, ' ')),
      [
        'Ready in 4.3 s. Ctrl-C stops everything in order.',
        'API http://127.0.0.1:8200',
        'Temporal Web UI http://127.0.0.1:8233/namespaces/default/workflows/learner-ES',
        'Temporal Web UI http://127.0.0.1:8233/namespaces/default/workflows/learner-MNQ',
      ],
    );
    const external = recorded(false);
    external.reporter.ready({ ...endpoints, temporalUi: null }, ['ES'], 1);
    assert.match(external.written(), /Temporal +127\.0\.0\.1:7233, namespace default\n$/);
  });

  it('shows verdict, version, each rule with value and bound, why it was held, what answers, and how to ask it', () => {
    const { reporter, lines } = recorded(false);
    const end = ended({ candidate: score({ sharpe: 2, trades: 12 }) });
    reporter.ended(end, { live: { version: 'v1_20260320_210000', role: 'baseline' }, curl: 'curl it', buckets: [] });
    const text = lines().join('\n');
    assert.match(text, /^Decision on ES \(simulated\): HOLD {2}train-ES-000001, version v1_20260320_210000$/m);
    assert.match(text, /│ trades +│ ✗ │ +12 │ +30 │/);
    assert.match(text, /│ improvement +│ ✓ │ +1 │ +0\.100 │/);
    assert.match(text, /│ deflated \(not asked\)/);
    assert.match(text, /^ {2}trades: .+/m);
    assert.match(text, /answers as baseline: unproven, it acts flat\./);
    assert.match(text, /^ {2}curl it$/m);
  });

  it('gives the reason of a training that ended without a decision', () => {
    const { reporter, lines } = recorded(false);
    reporter.ended(
      { instrument: 'ES', outcome: { runId, kind: 'skipped', summary: 'needs 500 bars, has 3', at: '' }, decision: null, run: null },
      { live: null, curl: null, buckets: [] },
    );
    assert.deepEqual(lines(), ['ES: train-ES-000001 skipped: needs 500 bars, has 3']);
  });
});

describe('the JSON reporter', () => {
  it('writes one object a line', () => {
    let written = '';
    const reporter = createJsonReporter({ write: (text) => void (written += text) }, () => 0);
    reporter.part({ part: 'api', kind: 'ready', text: 'ready' });
    reporter.ended(ended({}), { live: null, curl: null, buckets: [] });
    const [part, end] = written
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    assert.deepEqual(part, { event: 'part', time: '1970-01-01T00:00:00.000Z', part: 'api', kind: 'ready', text: 'ready' });
    assert.equal(typeof end === 'object' && end !== null && 'decision' in end, true);
  });
});
