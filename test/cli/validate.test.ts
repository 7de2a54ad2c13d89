import assert from 'node:assert/strict';
import { join } from 'node:path';
import { TooFewSessions } from '../../src/domain/validation/session-groups.js';
import { ratchet, type Ended } from '../support/services/command-line.js';
import { freshInstrument } from '../support/loops/learners.js';
import { stubActivities, type Activities } from '../support/loops/stubbed-activities.js';
import { seenHome, type SeenHome } from '../support/services/served-home.js';
import { temporal } from '../support/services/temporal.js';
import { withWorkers } from '../support/services/workers.js';

describe('ratchet validate', function () {
  this.timeout(60_000);
  let seen: SeenHome;

  before(async () => {
    const { connection } = await temporal();
    seen = await seenHome({ temporalAddress: connection.options.address, api: 'http://127.0.0.1:1' });
  });
  after(() => seen.close());

  const run = (...words: string[]): Promise<Ended> => ratchet(['validate', ...words], { RATCHET_HOME: seen.home, NO_COLOR: '1' });
  const validated = async (replaced: Partial<Activities>, ...words: string[]): Promise<Ended> => {
    const environment = await temporal();
    const { activities } = stubActivities(replaced);
    return withWorkers({ environment, activities }, () => run('--instrument', freshInstrument(), ...words));
  };

  it('tells how the Sharpe ratios of all paths are spread, how sure that is, how likely the best trial is luck, and each split', async () => {
    const { code, stdout, stderr } = await validated({}, '--method', 'cpcv');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /validate-T\w+-000001 started; it goes on without this command/);
    assert.match(stdout, /cpcv, 12 trainings, 6 paths/);
    assert.match(stdout, /^Sharpe of the paths: mean -?\d[\d.,]*, deviation .*% not above zero$/m);
    assert.match(stdout, /^Interquartile mean over splits and seeds: 1, within 1 and 1 at 95\.0 %$/m);
    assert.match(stdout, /^Probability that the best trial is luck: \d+\.\d %; that it loses: \d+\.\d % \(6 halvings\)$/m);
    assert.match(stdout, /│ s06 +│ +2 │ +120 │/);
    assert.match(stdout, /^Report: http:\/\/127\.0\.0\.1:1\/api\/v1\/validations\/validate-T\w+-000001\/report$/m);
  });

  it('gives the whole report as JSON, with the artifact that holds it', async () => {
    const { code, stdout, stderr } = await validated({}, '--json');
    assert.equal(code, 0, stderr);
    const report = JSON.parse(stdout) as { artifact: string; method: string; splits: unknown[] };
    assert.deepEqual([report.artifact, report.method, report.splits.length], ['c'.repeat(64), 'walk-forward', 12]);
  });

  it('ends with 1 and the reason when the validation fails', async () => {
    const refused = new TooFewSessions('no bars are frozen yet');
    const { code, stderr } = await validated({ planValidation: () => Promise.reject(refused) });
    assert.equal(code, 1);
    assert.match(stderr, /validate-T\w+-000001 ended without a report: no bars are frozen yet/);
  });

  it('ends with 2 for a method that it does not know, and with 1 when nothing runs', async () => {
    const unknown = await run('--method', 'k-fold');
    assert.deepEqual([unknown.code, unknown.stderr.includes('"k-fold" is not known: expected walk-forward or cpcv')], [2, true]);
    const nothing = await ratchet(['validate'], { RATCHET_HOME: join(seen.folder, 'nowhere') });
    assert.deepEqual([nothing.code, nothing.stderr.includes('does not run on')], [1, true]);
  });
});
