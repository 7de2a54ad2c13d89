import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createFineTuningActivities } from '../../src/activities/finetuning/export-set.js';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import { learnerId } from '../../src/domain/ids.js';
import type { learner } from '../../src/workflows/learner.js';
import { experiencesAddedSignal } from '../../src/workflows/messages/learner-messages.js';
import { explainedTrades } from '../support/experiences.js';
import { freshInstrument, quickSettings, until } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { ratchet, type Ended } from '../support/services/command-line.js';
import { servedHome, type ServedHome } from '../support/services/served-home.js';
import { temporal } from '../support/services/temporal.js';
import { withWorkers } from '../support/services/workers.js';

describe('ratchet learn', function () {
  this.timeout(120_000);
  const instrument = freshInstrument();
  let served: ServedHome;

  before(async () => {
    const { connection, client } = await temporal();
    served = await servedHome({ instruments: [instrument], client }, { temporalAddress: connection.options.address });
  });
  after(() => served.close());
  const run = (...words: string[]): Promise<Ended> => ratchet(['learn', ...words], { RATCHET_HOME: served.home });

  it('cleans and counts, retrains and writes a fine-tuning set when each is due, and says why one is not', async () => {
    const environment = await temporal();
    const { client } = environment;
    const { server } = served;
    const { registry, policies } = server;
    const config = ratchetConfig.parse({});
    const place = join(served.folder, 'finetuning');
    const { activities, calls } = stubActivities({
      ...createFineTuningActivities({ registry, artifacts: policies.artifacts, config, folder: place }),
      tidyUp: () => Promise.resolve({ archived: 12, checkpoints: 1, temporaryFiles: 0, models: 0 }),
    });
    await withWorkers({ environment, activities }, async () => {
      // Not enabled, the learner trains on what it is asked for alone.
      await createLearnerClient({ client }).ensureLearner(instrument, {
        ...quickSettings,
        enabled: false,
        retrainFrequency: 100,
        minExperiences: 50,
      });
      const handle = client.workflow.getHandle<typeof learner>(learnerId(instrument));
      const early = await run('--mode', 'all', '--instrument', instrument);
      assert.equal(early.code, 0, early.stderr);
      assert.match(early.stdout, /^maintenance: archived 12 experiences, removed the checkpoints of 1 ended/);
      assert.match(early.stdout, new RegExp(`^${instrument}: 0 experiences ever`, 'm'));
      assert.match(early.stdout, new RegExp(`^retrain: ${instrument}: not due: 0 of 100 new experiences, 0 of 50 ever$`, 'm'));
      assert.match(early.stdout, /^finetune: not due: 0 of 100 trades were explained since the last set$/m);
      await registry.experiences.write(explainedTrades(120, 0, instrument));
      await handle.signal(experiencesAddedSignal, { id: 'lived', count: 120 });
      await until(handle, 'the experiences', ({ experiences }) => experiences.fresh === 120);
      const due = await run('--mode', 'retrain', '--instrument', instrument, '--json');
      const { retrain } = JSON.parse(due.stdout) as { retrain: unknown };
      assert.deepEqual(retrain, [{ instrument, due: true, why: '120 of 100 new experiences, 120 of 50 ever', run: `train-${instrument}-000001` }]); // prettier-ignore
      await until(handle, 'a training', ({ cycle, runningTraining }) => cycle === 1 && runningTraining === null);
      const tuned = await run('--mode', 'finetune', '--instrument', instrument);
      assert.equal(tuned.code, 0, tuned.stderr);
      assert.match(tuned.stdout, /^finetune: \d+ examples to learn from and \d+ held out \(from \S+Z\) of 120 explained trades: /);
      assert.match(tuned.stdout, new RegExp(`${place}/${instrument}/deepseek_training_\\d{8}\\.jsonl  \\d+ rows  sha256 [0-9a-f]{12}`));
      const path = `/api/v1/fine-tuning?instrument=${instrument}`;
      const { body: newest } = await server.call('GET', path);
      assert.deepEqual(
        [newest.id, newest.status, (newest.result as { kind: string }).kind],
        [`fine-tuning-${instrument}`, 'done', 'written'],
      );
      assert.deepEqual((await server.call('POST', '/api/v1/fine-tuning', { instrument })).body, { id: `fine-tuning-${instrument}` });
      assert.match((await run('--mode', 'finetune', '--instrument', instrument)).stdout, /not due: 0 of 100/);
      assert.equal((await server.call('GET', '/api/v1/fine-tuning?instrument=XX')).status, 404);
      assert.equal(calls.filter(({ name }) => name === 'tidyUp').length, 1);
      await handle.terminate('the test is over');
    });
  });

  it('ends with 2 for a mode that is none, and without one', async () => {
    const wrong = await run('--mode', 'everything');
    assert.deepEqual([wrong.code, wrong.stderr.includes('expected maintenance, retrain, finetune or all')], [2, true]);
    assert.equal((await run()).code, 2);
  });

  it('ends with 1 when nothing runs, and shows an example and the exit codes with --help', async () => {
    const { code, stderr } = await ratchet(['learn', '--mode', 'all'], { RATCHET_HOME: join(served.folder, 'nowhere') });
    assert.deepEqual([code, stderr.includes('start it with "npm start"')], [1, true]);
    const { stdout } = await run('--help');
    assert.match(stdout, /Examples?:\n +ratchet learn[^]*Exit codes: 0 /);
  });
});
