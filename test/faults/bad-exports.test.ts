import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitForTraining, type TrainingEnd } from '../../src/client/watch-progress.js';
import { startService, type Service } from '../support/services/services.js';
import { smallRatchet, writeSimulatedExports, type SmallRatchet } from '../support/services/small-ratchet.js';

/** Lines of the export that are spoiled, counted from 1, and what is written instead. */
const SPOILED = { 3: 'not a bar', 7: '20220103 143600;1;2;0.5;1', 9: '20220103 143800;nothing;2;0.5;1;10' } as const;

describe('exports of which one is empty and one has malformed rows, and which are too few to train on', function () {
  this.timeout(120_000);
  let ratchet: SmallRatchet;
  let services: Service[] = [];
  let end: TrainingEnd;
  let good = '';
  let lines: string[] = [];

  before(async () => {
    ratchet = await smallRatchet();
    services = await Promise.all((['orchestration', 'cpu'] as const).map((name) => startService(name, ratchet.environment)));
    [good = ''] = await writeSimulatedExports(ratchet.watched, { sessions: 2 });
    lines = (await readFile(good, 'utf8')).split('\r\n');
    for (const [line, text] of Object.entries(SPOILED)) lines[Number(line) - 1] = text;
    await writeFile(good, lines.join('\r\n'));
    const empty = join(ratchet.watched, 'SIM 06-22.Last.txt');
    await writeFile(empty, '');
    await ratchet.report([good, empty]);
    end = await waitForTraining(ratchet.learners, 'SIM', null, { everyMs: 100, signal: AbortSignal.timeout(90_000) });
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop()));
  });

  it('end without a training, and its outcome says how many bars it needs and has, and which file was not used', () => {
    assert.deepEqual([end.outcome.kind, end.decision], ['skipped', null]);
    const [, needed, available] = /SIM needs (\d+) bars, has (\d+): whole sessions/.exec(end.outcome.summary) ?? [];
    assert.ok(Number(needed) > Number(available) && Number(available) > 0, end.outcome.summary);
    assert.match(end.outcome.summary, /SIM 06-22\.Last\.txt is empty: export it again/);
  });

  it('have their malformed rows quarantined with line, reason and text under the file, and all others used', async () => {
    const sha256 = createHash('sha256')
      .update(await readFile(good))
      .digest('hex');
    const report = await ratchet.registry.files.report('SIM', sha256);
    assert.ok(report);
    assert.deepEqual(
      report.quarantine.map(({ line, text }) => [line, text]),
      Object.entries(SPOILED).map(([line, text]) => [Number(line), text]),
    );
    for (const { reason } of report.quarantine) assert.ok(reason.length > 5, reason);
    const rows = lines.filter((line) => line !== '').length;
    assert.deepEqual([report.rows, report.accepted, report.quarantined], [rows - 3, rows - 3, 3]);
    const [file] = await ratchet.registry.files.ofInstrument('SIM');
    assert.equal(join(ratchet.watched, file?.pathId ?? ''), good);
  });

  it('leave the refusal of the empty file in the events', async () => {
    const refused = (await ratchet.registry.events.latest()).filter(({ kind }) => kind === 'fileRefused');
    assert.deepEqual(
      refused.map(({ payload }) => payload.pathId),
      ['SIM 06-22.Last.txt'],
    );
  });
});
