import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDeploymentActivities } from '../../src/activities/versions/versions.js';
import { createLearnerClient } from '../../src/client/learner-client.js';
import { judge } from '../../src/domain/gate/judge.js';
import { learnerId } from '../../src/domain/ids.js';
import type { Version } from '../../src/registry/versions.js';
import { ratchet, ratchetProcess, type Ended } from '../support/services/command-line.js';
import { evidence, settings } from '../support/evaluation/gate-evidence.js';
import { freshInstrument, quickSettings } from '../support/loops/learners.js';
import { dataset, newVersion } from '../support/registry/registry.js';
import { stubActivities } from '../support/loops/stubbed-activities.js';
import { servedHome, type ServedHome } from '../support/services/served-home.js';
import { temporal } from '../support/services/temporal.js';
import type { TestApi } from '../support/services/test-api.js';
import { withWorkers } from '../support/services/workers.js';

const token = 'a-token-of-a-viewer';
const operatorToken = 'a-token-of-an-operator';

describe('the commands about versions', function () {
  this.timeout(120_000);
  const instrument = freshInstrument();
  const place = { instrument, bucket: 'default' };
  let served: ServedHome;
  let server: TestApi;
  let versions: readonly Version[];

  before(async () => {
    const { connection } = await temporal();
    const tokens = `reader:viewer:${token},Ada:operator:${operatorToken}`;
    served = await servedHome({ tokens, instruments: [instrument, 'NQ'] }, { temporalAddress: connection.options.address });
    ({ server } = served);
    versions = await history();
  });

  after(() => served.close());

  /** Three versions; the first two were live one after the other, the third was held. */
  const history = async (): Promise<Version[]> => {
    const { registry } = server;
    await registry.datasets.save(dataset({ instrument }));
    const made: Version[] = [];
    for (const key of ['one', 'two', 'three']) {
      const metrics = { sharpe: made.length + 0.5, maxDrawdown: (made.length + 1) / 10, verdict: key === 'three' ? 'HOLD' : 'PROMOTE' };
      made.push(await registry.versions.register(newVersion(key, { ...place, metrics, parent: made.at(-1)?.name ?? null })));
    }
    for (const [index, { name: version }] of made.slice(0, 2).entries()) {
      const order = { ...place, operationKey: `live-${version}`, expectedPrevious: made[index - 1]?.name ?? null, decision: null };
      await registry.production.promote({ ...order, version, actor: 'ratchet', reason: `better ${index}` });
    }
    const held = { candidate: { ...evidence().candidate, trades: 9 } };
    for (const [key, changed] of [
      ['one', {}],
      ['three', held],
    ] as const) {
      const measured = evidence(changed);
      const version = made[key === 'one' ? 0 : 2]!.name;
      const store = (text: string): Promise<string> => server.policies.artifacts.put(new TextEncoder().encode(text));
      const published = key === 'one' ? {} : { evidencePage: await store('<!doctype html>'), evidencePack: await store('{"format":1}') };
      await registry.decisions.record({ ...place, operationKey: key, version, run: null, decision: judge(measured, settings()), evidence: measured, ...published }); // prettier-ignore
    }
    return made;
  };

  const run = (...words: string[]): Promise<Ended> =>
    ratchet(words, { RATCHET_HOME: served.home, RATCHET_API_TOKEN: token, NO_COLOR: '1' });
  const answer = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...words);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const json = async <T>(...words: string[]): Promise<T> => JSON.parse(await answer(...words, '--json')) as T;

  describe('champion', () => {
    it('says what is live, what was live at a time, and that nothing was before the first', async () => {
      const [first, second] = await server.registry.production.history(instrument, 'default');
      assert.ok(first && second);
      const shown = await answer('champion', '--instrument', instrument);
      assert.equal(shown, `${instrument}: ${versions[1]!.name} (production), live since ${second.at}\n`);
      assert.match(
        await answer('champion', '--instrument', instrument, '--at', first.at),
        new RegExp(`: ${versions[0]!.name} \\(production\\) at `),
      );
      assert.equal(
        await answer('champion', '--instrument', instrument, '--at', '2020-01-01'),
        `${instrument}: nothing was live at 2020-01-01T00:00:00Z\n`,
      );
      const east = new Date(Date.parse(first.at) + 7_200_000).toISOString().replace('Z', '+02:00');
      const [at] = await json<{ live: { version: string } }[]>('champion', '--instrument', instrument, '--at', east);
      assert.equal(at?.live.version, versions[0]!.name);
    });

    it('takes every instrument in use when none is named, and one that has nothing live', async () => {
      const all = await json<{ instrument: string }[]>('champion');
      assert.deepEqual(all.map((one) => one.instrument), [instrument]); // prettier-ignore
      assert.equal(await answer('champion', '--instrument', 'NQ'), 'NQ: nothing is live\n');
      assert.equal(await answer('champion', '--instrument', instrument, '--bucket', 'Short'), `${instrument} Short: nothing is live\n`);
    });

    it('tells every change with who and why', async () => {
      const lines = (await answer('champion', '--instrument', instrument, '--history')).trim().split('\n');
      assert.equal(lines.length, 2);
      assert.match(
        lines[1]!,
        new RegExp(`promote ${versions[1]!.name} \\(production\\) after ${versions[0]!.name}, by ratchet: better 1$`),
      );
    });

    for (const [what, words, message] of [
      ['a time without a zone', ['--at', '2026-11-21T10:15:00'], /"2026-11-21T10:15:00" is no time: expected .* with its time zone/],
      ['a day that does not exist', ['--at', '2026-02-31'], /is no time/],
      ['a time and all times', ['--at', '2026-11-21', '--history'], /give one of them/],
    ] as const)
      it(`ends with 2 for ${what}`, async () => {
        const { code, stderr } = await run('champion', ...words);
        assert.equal(code, 2);
        assert.match(stderr, message);
      });
  });

  describe('models', () => {
    it('lists versions newest first, marks the one that is live, and says what each showed', async () => {
      const shown = await answer('models', '--list', '--instrument', instrument);
      const order = versions.toReversed().map(({ name }) => shown.indexOf(`│ ${name}`));
      assert.ok(
        order.every((position, i) => position > (order[i - 1] ?? 0)),
        shown,
      );
      assert.match(shown, new RegExp(`│ ${versions[1]!.name} +│ production +│ PROMOTE +│ +1\\.50 \\(simulated\\) │`));
      assert.match(shown, new RegExp(`│ ${versions[0]!.name} +│ +│ PROMOTE .* from scratch +│`));
    });

    it('gives the same as JSON, and no more than the limit', async () => {
      const [one] = await json<{ versions: { name: string; role: string | null }[] }[]>(
        'models',
        '--instrument',
        instrument,
        '--limit',
        '2',
      );
      assert.deepEqual(one?.versions.map(({ name, role }) => [name, role]), [[versions[2]!.name, null], [versions[1]!.name, 'production']]); // prettier-ignore
    });

    it('ends with 1 and the reason for an instrument that is not configured', async () => {
      const { code, stderr } = await run('models', '--instrument', 'XX');
      assert.equal(code, 1);
      assert.match(stderr, /^ratchet: instrument "XX" is not configured here; known: /);
    });
  });

  describe('gate explain', () => {
    it('explains the newest decision, every rule with its reason, beside the rates of each profile', async () => {
      const shown = await answer('gate', 'explain');
      assert.match(shown, new RegExp(`^Decision \\d+ on ${instrument}: HOLD  ${versions[2]!.name}, no run, .*, profile balanced\n`));
      assert.match(shown, /│ trades +│ HOLD +│ +9 │ +30 │/);
      assert.match(shown, /│ deflated \(not asked\)/);
      assert.match(shown, /^ {2}trades: 9 trades; at least 30 are asked for\.$/m);
      assert.match(shown, /│ balanced \(in use\) +│ +\d+\.\d % +│/);
      assert.match(
        shown,
        / costs of candidate: gross 9,000 - fee 300 - spread 400 - slippage 250 - impact 50 = net 8,000; paid 2 bps .* break-even at 18 bps/,
      );
    });

    it('explains the one that is named, also as JSON', async () => {
      const [, earlier] = await server.registry.decisions.list({ instrument });
      assert.ok(earlier);
      const { decision } = await json<{ decision: { id: number; version: string; evidence: { bars: number } } }>(
        'gate',
        'explain',
        `${earlier.id}`,
      );
      assert.deepEqual([decision.id, decision.version, decision.evidence.bars], [earlier.id, versions[0]!.name, 10_000]);
    });

    it('names the evidence, and saves its page or its numbers by the name of the file', async () => {
      const [page, numbers] = [join(served.folder, 'evidence.html'), join(served.folder, 'evidence.json')];
      assert.match(await answer('gate', 'explain', '--save', page), /^Evidence: http:.*\/api\/v1\/decisions\/\d+\/evidence$/m);
      await answer('gate', 'explain', '--save', numbers);
      assert.deepEqual([await readFile(page, 'utf8'), await readFile(numbers, 'utf8')], ['<!doctype html>', '{"format":1}']);
      const [, earlier] = await server.registry.decisions.list({ instrument });
      const none = await run('gate', 'explain', `${earlier!.id}`, '--save', page);
      assert.deepEqual([none.code, none.stderr.includes('kept no evidence pack')], [1, true]);
    });

    it('ends with 1 where there is no such decision, and with 2 for what is no number', async () => {
      const unknown = await run('gate', 'explain', '999999');
      assert.deepEqual([unknown.code, unknown.stderr.includes('there is no decision 999999')], [1, true]);
      const none = await run('gate', 'explain', '--instrument', 'NQ');
      assert.deepEqual([none.code, none.stderr.includes('no candidate of NQ was judged yet')], [1, true]);
      const wrong = await run('gate', 'explain', 'newest');
      assert.deepEqual([wrong.code, wrong.stderr.includes('"newest" is no number')], [2, true]);
    });
  });

  describe('rollback', () => {
    it('puts the version before back, recorded with who and why, and refuses what was never live', async () => {
      const environment = await temporal();
      const { activities } = stubActivities(createDeploymentActivities(server));
      await withWorkers({ environment, activities }, async () => {
        await createLearnerClient({ client: environment.client }).ensureLearner(instrument, { ...quickSettings, enabled: false });
        const why = ['--instrument', instrument, '--by', 'Ada', '--reason', 'slippage doubled'];
        assert.equal((await run('rollback', ...why, '--bucket', 'Short')).code, 1);
        const refused = await run('rollback', ...why, '--to', versions[2]!.name);
        assert.equal(refused.code, 1);
        assert.match(refused.stderr, /no former version .* can be rolled back to/);
        assert.equal(
          await answer('rollback', ...why),
          `${instrument}: ${versions[0]!.name} (production) is live again, by Ada: slippage doubled\n`,
        );
        const back = await json<{ production: { version: string } }>('rollback', ...why, '--to', 'v2');
        assert.equal(back.production.version, versions[1]!.name);
        await environment.client.workflow.getHandle(learnerId(instrument)).terminate('the test is over');
      });
      const changes = (await server.registry.production.history(instrument, 'default')).slice(2);
      assert.deepEqual(
        changes.map(({ kind, version, actor, reason }) => [kind, version, actor, reason]),
        [
          ['rollback', versions[0]!.name, 'Ada', 'slippage doubled'],
          ['rollback', versions[1]!.name, 'Ada', 'slippage doubled'],
        ],
      );
    });

    for (const [what, words, message] of [
      ['without who', ['--reason', 'x'], /required option '--by <name>' not specified/],
      ['without why', ['--by', 'Ada'], /required option '--reason <text>' not specified/],
      ['for an empty reason', ['--by', 'Ada', '--reason', ' '], /--reason is empty/],
    ] as const)
      it(`ends with 2 ${what}`, async () => {
        const { code, stderr } = await run('rollback', '--instrument', instrument, ...words);
        assert.equal(code, 2);
        assert.match(stderr, message);
      });
  });

  describe('models --pin', () => {
    const asOperator = (...words: string[]): Promise<Ended> =>
      ratchet(['models', '--instrument', instrument, ...words], {
        RATCHET_HOME: served.home,
        RATCHET_API_TOKEN: operatorToken,
        NO_COLOR: '1',
      });

    it('keeps a model until it is unpinned, recorded with who and why, and marks it in the list', async () => {
      const pinned = await asOperator('--pin', 'v1', '--reason', 'the quiet winter');
      assert.deepEqual([pinned.code, pinned.stdout], [0, `${instrument}: ${versions[0]!.name} is pinned by Ada: the quiet winter\n`], pinned.stderr); // prettier-ignore
      assert.match(await answer('models', '--instrument', instrument), new RegExp(`│ ${versions[0]!.name} .* pinned +│`));
      const unpinned = await asOperator('--unpin', 'v1', '--reason', 'spring');
      assert.equal(unpinned.stdout, `${instrument}: ${versions[0]!.name} is not pinned: \`retention\` decides\n`);
    });

    it('is refused to who may not, for a version that is not there, and without a reason', async () => {
      const viewer = await run('models', '--instrument', instrument, '--pin', 'v1', '--reason', 'x');
      assert.deepEqual([viewer.code, viewer.stderr.includes('needs the role operator')], [1, true]);
      const unknown = await asOperator('--pin', 'v9', '--reason', 'x');
      assert.deepEqual([unknown.code, unknown.stderr.includes('"v9"')], [1, true], unknown.stderr);
      assert.equal((await asOperator('--pin', 'v1')).code, 2);
      assert.equal((await asOperator('--pin', 'v1', '--unpin', 'v2', '--reason', 'x')).code, 2);
    });
  });

  describe('models --activate', () => {
    it('puts a version live that the gate held, recorded as an override with who and why', async () => {
      const environment = await temporal();
      const { activities } = stubActivities(createDeploymentActivities(server));
      const held = versions[2]!.name;
      await withWorkers({ environment, activities }, async () => {
        await createLearnerClient({ client: environment.client }).ensureLearner(instrument, { ...quickSettings, enabled: false });
        const why = ['--instrument', instrument, '--by', 'Ada', '--reason', 'seen enough'];
        assert.equal(
          await answer('models', '--activate', 'v3', ...why),
          `${instrument}: ${held} (production) is live, by Ada: seen enough\n`,
        );
        await answer('rollback', ...why);
        await answer('models', '--activate', versions[0]!.name, ...why);
        await answer('models', '--best', '--activate', ...why);
        await answer('models', '--activate', versions[1]!.name, ...why);
        await environment.client.workflow.getHandle(learnerId(instrument)).terminate('the test is over');
      });
      const overrides = (await server.registry.events.since(0)).filter(({ kind }) => kind === 'gateOverridden');
      assert.deepEqual(
        overrides.map(({ actor, payload }) => [actor, payload.version, payload.verdict, payload.reason]),
        [
          ['Ada', held, 'HOLD', 'seen enough'],
          ['Ada', held, 'HOLD', 'seen enough'],
          ['Ada', versions[1]!.name, null, 'seen enough'], // never judged; the first was, and may be promoted
        ],
      );
    });

    it('shows the best by a measure and takes it for the one that is to be activated', async () => {
      const [one] = await json<{ versions: { name: string }[] }[]>('models', '--best', '--instrument', instrument);
      assert.deepEqual(one?.versions.map(({ name }) => name), [versions[2]!.name]); // prettier-ignore
      const [shallowest] = await json<{ versions: { name: string }[] }[]>('models', '--best', '--metric', 'max_drawdown');
      assert.deepEqual(shallowest?.versions.map(({ name }) => name), [versions[0]!.name]); // prettier-ignore
      const person = ['--by', 'Ada', '--reason', 'x'];
      for (const [words, message] of [
        [['--best', '--metric', 'luck'], /"luck" is not known: expected sharpe, total_return, win_rate, profit_factor, max_drawdown/],
        [['--activate', ...person], /takes the name of a version, or else goes with --best/],
        [['--best', '--activate', '--metric', 'win_rate', ...person], /no version of \S+ was measured by win_rate yet/],
      ] as const) {
        const { code, stderr } = await run('models', ...words);
        assert.equal(code, 2);
        assert.match(stderr, message);
      }
    });

    it('ends with 2 without who or why', async () => {
      const { code, stderr } = await run('models', '--activate', 'v3', '--by', 'Ada');
      assert.deepEqual([code, stderr.includes('and why with --reason')], [2, true]);
    });
  });

  for (const words of [
    ['champion'],
    ['models', '--list'],
    ['gate', 'explain'],
    ['rollback', '--by', 'Ada', '--reason', 'x'],
    ['reproduce', 'v1'],
  ]) {
    it(`ends with 1 when nothing runs: ${words.join(' ')}`, async () => {
      const { code, stderr } = await ratchet(words, { RATCHET_HOME: join(served.folder, 'nowhere') });
      assert.equal(code, 1);
      assert.match(stderr, /does not run on .*nowhere: start it with "npm start"/);
    });

    it(`shows an example and the exit codes with --help: ${words.join(' ')}`, async () => {
      const { code, stdout } = await ratchet([...words.slice(0, words[0] === 'gate' ? 2 : 1), '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Examples?:\n +ratchet ${words[0]!}`));
      assert.match(stdout, /Exit codes: 0 /);
    });
  }

  it('end with 1 and say what to do when the API wants a token that is not shown', async () => {
    const { code, stderr } = await ratchetProcess(['champion'], { RATCHET_HOME: served.home });
    assert.equal(code, 1);
    assert.match(stderr, /send a token of this server/);
  });
});
