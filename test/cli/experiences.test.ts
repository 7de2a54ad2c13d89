import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveExperiences } from '../../src/activities/experiences/archive-experiences.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import { ratchet, type Ended } from '../support/services/command-line.js';
import { sentExperience } from '../support/experiences.js';
import { servedHome, type ServedHome } from '../support/services/served-home.js';
import type { TestApi } from '../support/services/test-api.js';

const token = 'a-token-of-an-operator';

describe('ratchet experiences', function () {
  this.timeout(60_000);
  let folder: string;
  let served: ServedHome;
  let server: TestApi;

  before(async () => {
    served = await servedHome({ tokens: `desk:operator:${token}` });
    ({ folder, server } = served);
  });
  after(() => served.close());
  const environment = () => ({ RATCHET_HOME: served.home, RATCHET_API_TOKEN: token });
  const run = (...words: string[]): Promise<Ended> => ratchet(['experiences', ...words], environment());
  const days = ['2026-03-02', '2026-03-03', '2026-03-04'];
  const lived = (day: string, at: number) =>
    sentExperience(`${day}-${at}`, {
      timestamp: `${day}T15:30:01.000Z`,
      decision_time: `${day}T15:30:00.000Z`,
      data_as_of: `${day}T15:30:00.000Z`,
      trade_outcome: { pnl: at - 3, duration: 60, action: 'BUY' },
    });

  it('takes in day files of both forms, tells which records it refused, and shows what there is', async () => {
    const [first, ...others] = days.map((day) => Array.from({ length: 6 }, (_, at) => lived(day, at)));
    const list = join(folder, 'experience_buffer_20260302.json');
    await writeFile(list, JSON.stringify(first, null, 2));
    assert.deepEqual(await run('import', list), { code: 0, stdout: '6 experiences stored, 0 known already, 0 refused\n', stderr: '' });
    const lines = join(folder, 'rest.jsonl');
    const wrong = { ...lived('2026-03-03', 9), instrument: 'CL' };
    await writeFile(lines, [...others.flat(), wrong, ...(first ?? [])].map((one) => JSON.stringify(one)).join('\n'));
    const { code, stdout } = await run('import', lines);
    assert.equal(code, 1);
    assert.match(stdout, /^record 13: instrument "CL" is not configured here.*\n12 experiences stored, 6 known already, 1 refused\n$/);
    assert.match((await run('--instrument', 'ES')).stdout, /^ES: 18 experiences ever, 18 stored, 0 days archived/);
    const { stdout: best } = await run('--instrument', 'ES', '--high-value', '3', '--json');
    const [{ trades } = { trades: [] }] = JSON.parse(best) as { trades: { id: string }[] }[];
    assert.deepEqual(
      trades.map(({ id }) => id),
      days.map((day) => `${day}-5`),
    );
    assert.match((await run('--instrument', 'ES', '--failed', '2')).stdout, /-3\.00/);
    assert.equal((await run('import', join(folder, 'nowhere.json'))).code, 2);
  });

  it('takes in a grid that NinjaTrader 8 exported, and puts aside what it cannot use with file, line and reason', async () => {
    const grid = join(folder, 'Trades.csv');
    const row = 'NQ 12-26,Sim101,Long,1,20000.00,20010.00,9/15/2026 9:35:00 AM,9/15/2026 9:42:00 AM,$200.00,$4.50,';
    const rows = [
      'Instrument,Account,Market pos.,Qty,Entry price,Exit price,Entry time,Exit time,Profit,Commission,',
      row,
      row.replace('Long', 'Up'),
    ];
    await writeFile(grid, rows.join('\r\n'));
    assert.match((await run('import', grid)).stderr, /says no time zone: name that of the computer/);
    const { code, stdout } = await run('import', grid, '--time-zone', 'America/New_York');
    assert.equal(code, 1);
    assert.match(stdout, /^line 3: Market pos\. is "Up": expected one of long, short\n1 trades stored, 0 known already, 1 refused\n/);
    const quarantine = join(served.home, 'experience_buffer', 'quarantine');
    const [name = ''] = await readdir(quarantine);
    const reason = 'Market pos. is "Up": expected one of long, short';
    assert.deepEqual(JSON.parse(await readFile(join(quarantine, name), 'utf8')), { file: grid, line: 3, reason, text: rows[2] });
    await writeFile(grid, rows.slice(0, 2).join('\n'));
    const again = await run('import', grid, '--time-zone', 'America/New_York');
    assert.deepEqual([again.code, again.stdout], [0, '0 trades stored, 1 known already, 0 refused\n']);
  });

  it('archives whole days before the newest ones, and writes a day out as it came, archived or not', async () => {
    const { registry, policies } = server;
    const config = ratchetConfig.parse({ experiences: { bufferSize: 8 } });
    const archive = (nowMs = 0, more: object = {}) =>
      archiveExperiences(
        { registry, artifacts: policies.artifacts, config: { ...config, experiences: { ...config.experiences, ...more } } },
        nowMs,
      );
    assert.equal(await archive(), 6); // the newest eight reach into 03-03, which stays whole
    assert.equal(await archive(), 0);
    const late = lived('2026-03-02', 8);
    for (const one of [late, lived('2026-03-02', 2)])
      assert.equal((await server.call('POST', '/api/v1/experiences', one, { authorization: `Bearer ${token}` })).status, 200);
    assert.equal(await archive(), 2);
    const output = join(folder, 'out.jsonl');
    for (const [day, numbers] of [
      ['2026-03-02', [0, 1, 2, 3, 4, 5, 8]],
      ['2026-03-03', [0, 1, 2, 3, 4, 5]],
    ] as const) {
      assert.equal((await run('export', '--instrument', 'ES', '--day', day, '--output', output)).code, 0);
      const written = (await readFile(output, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      assert.deepEqual(
        written,
        numbers.map((at) => lived(day, at)),
      );
    }
    const days = join(folder, 'days');
    const each = await run('export', '--instrument', 'ES', '--output', days);
    assert.equal(each.code, 0, each.stderr);
    const written = [...each.stdout.matchAll(/(\d+) experiences of ES on (\S+) written/g)].map(([, count, day]) => [day, Number(count)]);
    assert.deepEqual(written.slice(0, 2), [['2026-03-02', 7], ['2026-03-03', 6]]); // prettier-ignore
    assert.deepEqual(
      (await readdir(days)).sort(),
      written.map(([day]) => `experience_buffer_${String(day).replaceAll('-', '')}.jsonl`),
    );
    assert.match((await run('--instrument', 'ES')).stdout, /12 stored, 1 days archived/);
    await archive(Date.parse('2026-03-20'), { archiveDays: 30 });
    assert.match((await run('--instrument', 'ES')).stdout, /1 days archived/);
    await archive(Date.parse('2026-05-20'), { archiveDays: 30 });
    assert.match((await run('--instrument', 'ES')).stdout, /0 days archived/);
    assert.equal((await run('export', '--instrument', 'ES', '--day', 'yesterday')).code, 2);
  });

  it('shows what trades taught, and beside one the past ones most like it', async () => {
    const { registry } = server;
    const taught = { reasoning: 'so', lessonsLearned: ['Wait for the pullback'] };
    for (const at of [1, 5]) await registry.experiences.explain(`2026-03-03-${at}`, taught, 'ada');
    const lessons = await ratchet(['lessons', '--instrument', 'ES'], environment());
    assert.equal(lessons.code, 0, lessons.stderr);
    assert.match(lessons.stdout, /Wait for the pullback *│ *2 │ *50 % │ *0\.00/);
    const ids = ['2026-03-03-5', '2026-03-04-5'];
    await registry.experiences.place(
      'here',
      ids.map((id, at) => ({ id, features: Float32Array.of(at) })),
    );
    const [earlier, later] = ids;
    const beside = await ratchet(['lessons', '--beside', later!, '--json'], environment());
    assert.deepEqual(
      (JSON.parse(beside.stdout) as { id: string }[]).map(({ id }) => id),
      [earlier],
    );
    assert.equal((await ratchet(['lessons', '--beside', earlier!], environment())).stdout, 'none\n');
    const nobody = await ratchet(['lessons', '--beside', 'nobody'], environment());
    assert.deepEqual([nobody.code, nobody.stderr], [1, 'ratchet: no experience "nobody" is stored\n']);
  });
});
