import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { workflowBundle } from '../support/services/temporal.js';
import { historiesFolder } from './histories.js';

const histories = readdirSync(historiesFolder).filter((name) => name.endsWith('.json'));

const replay = async (name: string): Promise<void> => {
  const history: unknown = JSON.parse(readFileSync(join(historiesFolder, name), 'utf8'));
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, historyFromJSON(history));
};

describe('a recorded history', () => {
  it('is there for each workflow', () => {
    for (const kind of [
      'learner',
      'paper-trader',
      'annotation',
      'fine-tuning-export',
      'progressive-sequence',
      'curriculum-sequence',
      'parallel-sequence',
      'training-run',
      'transfer-training-run',
      'failed-training-run',
      'canary-training-run',
      'learner-with-triggers',
      'learner-told-while-training',
      'learner-new-build',
      'learner-of-buckets',
      'pass-sequence',
      'learner-configured-before-cycles',
      'tick',
      'maintenance',
      'validation',
      'must-fail',
    ])
      assert.ok(
        histories.some((name) => name.startsWith(kind)),
        kind,
      );
  });

  for (const name of histories.filter((history) => !history.startsWith('must-fail')))
    it(`replays with the workflows as they are now (${name})`, () => replay(name)).timeout(60_000);

  for (const name of histories.filter((history) => history.startsWith('must-fail')))
    it(`of other code does not replay (${name})`, () => assert.rejects(replay(name), DeterminismViolationError));
});
