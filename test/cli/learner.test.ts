import assert from 'node:assert/strict';
import { showLedger } from '../../src/cli/learner/show-ledger.js';
import { tellLearner, type LearnerVerb, type VerbOptions } from '../../src/cli/learner/tell-learner.js';
import { Refused } from '../../src/client/errors.js';
import { readEnvironment } from '../../src/config/environment.js';
import { trainingRunId } from '../../src/domain/ids.js';
import { dataArrivedSignal } from '../../src/workflows/messages/learner-messages.js';
import { dataFile, until, withLearner } from '../support/loops/learners.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { ratchet } from '../support/services/command-line.js';
import { seenHome, type SeenHome } from '../support/services/served-home.js';
import { temporal } from '../support/services/temporal.js';
import { withWorkers } from '../support/services/workers.js';

describe('what a person tells a learner on the command line', function () {
  this.timeout(60_000);
  let seen: SeenHome;

  before(async () => {
    const { connection } = await temporal();
    seen = await seenHome({ temporalAddress: connection.options.address });
  });
  after(() => seen.close());

  const written = async (
    write: (environment: ReturnType<typeof readEnvironment>, terminal: Parameters<typeof showLedger>[2]) => Promise<void>,
  ): Promise<string> => {
    let text = '';
    await write(readEnvironment({ RATCHET_HOME: seen.home }), {
      write: (more) => void (text += more),
      isTty: false,
      colours: false,
      columns: () => 80,
    });
    return text;
  };
  const tell = (verb: LearnerVerb, options: VerbOptions): Promise<string> =>
    written((environment, terminal) => tellLearner(verb, options, environment, terminal));

  it('is answered in one line each, and the ledger says what became of it', async () => {
    const environment = await temporal();
    const { activities } = stubActivities();
    await withWorkers({ environment, activities }, () =>
      withLearner(environment, { quietMs: 60_000 }, async (handle, instrument) => {
        const reason = 'the desk is closed';
        assert.equal(await tell('pause', { instrument, reason }), `${instrument}: paused\n`);
        await assert.rejects(
          tell('pause', { instrument }),
          (error) => error instanceof Refused && error.message === `already paused: ${reason}`,
        );
        assert.equal(await tell('resume', { instrument }), `${instrument}: goes on, idle: 0 of 1 new files\n`);
        await handle.signal(dataArrivedSignal, dataFile('1'));
        await until(handle, 'a file', ({ pendingFiles }) => pendingFiles === 1);
        assert.equal(
          await tell('skip', { instrument, reason: 'a broken export' }),
          `${instrument}: what waited was dropped; 1 files go with the next that arrive\n`,
        );
        const run = trainingRunId(instrument, 1);
        assert.equal(
          await tell('retrain', { instrument, full: true, reason: 'new contract' }),
          `${instrument}: ${run} will train from scratch; it is trigger 2 of the ledger\n`,
        );
        await until(handle, 'a decision', ({ lastDecision }) => lastDecision !== null);
        await assert.rejects(tell('stop', { instrument }), /no training is running/);
        const [head, newest, first, ...rest] = (await written((settings, terminal) => showLedger({ instrument }, settings, terminal)))
          .trim()
          .split('\n');
        assert.equal(head, `${instrument}: 2 triggers, 1 acted on, 0 merged into others, 1 dropped`);
        assert.match(newest ?? '', new RegExp(`^  2 .*Z manual: new contract \\(full\\); acted on in ${run}, .* \\(helped\\)$`));
        assert.match(first ?? '', /^ {2}1 .*Z newData, 1 files: new data; dropped because skipped: a broken export$/);
        assert.deepEqual(rest, []);
        const { instrument: named, entries } = (
          JSON.parse(await written((settings, terminal) => showLedger({ instrument, json: true }, settings, terminal))) as {
            instrument: string;
            entries: unknown[];
          }[]
        )[0]!;
        assert.deepEqual([named, entries.length], [instrument, 2]);
      }),
    );
  });

  it('ends with 1 and the reason where there is no such learner, and with 2 where it is used wrongly', async () => {
    const run = (...words: string[]) => ratchet(words, { RATCHET_HOME: seen.home });
    const [missing, wrong] = await Promise.all([run('stop', '--instrument', 'NOBODY'), run('trigger', 'list', '--last', 'all')]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^ratchet: no learner runs for NOBODY: it begins with the first file/);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--last is "all": expected a whole number from 1 to 999/);
  });
});
