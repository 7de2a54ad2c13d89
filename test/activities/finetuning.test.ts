import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createFineTuningActivities } from '../../src/activities/finetuning/export-set.js';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import { ratchetConfig } from '../../src/config/ratchet.js';
import type { FineTuningResult } from '../../src/domain/finetuning/export.js';
import { asActivity } from '../support/evaluation/judged-candidate.js';
import { explainedTrades } from '../support/experiences.js';
import { freshRegistry } from '../support/registry/registry.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('exportFineTuningSet', () => {
  const folder = temporaryFolder();
  const open = async () => {
    const registry = await freshRegistry();
    const artifacts = await openFolderStore(join(folder(), 'artifacts'));
    const place = join(folder(), 'finetuning');
    const activities = createFineTuningActivities({ registry, artifacts, config: ratchetConfig.parse({}), folder: place });
    const write = (operationKey: string, instrument: string | null = null): Promise<FineTuningResult> =>
      asActivity((request) => activities.exportFineTuningSet(request), { instrument, day: '2026-03-02', operationKey });
    return { registry, artifacts, place, write };
  };

  it('is not due below a hundred explained trades, and says how many there are', async () => {
    const { registry, write } = await open();
    await registry.experiences.write(explainedTrades(99));
    assert.deepEqual(await write('a'), { kind: 'notDue', annotated: 99, needed: 100 });
  });

  it('writes both forms with a manifest whose hashes are those of the files and of the artifacts, and is due again after a hundred more', async () => {
    const { registry, artifacts, place, write } = await open();
    await registry.experiences.write(explainedTrades(120));
    const written = await write('a');
    assert.ok(written.kind === 'written');
    assert.deepEqual((await readdir(place)).sort(), [
      'deepseek_heldout_20260302.json',
      'deepseek_heldout_20260302.jsonl',
      'deepseek_training_20260302.json',
      'deepseek_training_20260302.jsonl',
      'deepseek_training_20260302.manifest.json',
    ]);
    const { counts, files } = written.manifest;
    assert.equal(counts.annotated, 120);
    assert.equal(counts.training + counts.heldOut + counts.purged + counts.duplicates, counts.highValue + counts.failed);
    for (const { name, sha256, bytes, rows } of files) {
      const content = await readFile(join(place, name));
      assert.deepEqual([createHash('sha256').update(content).digest('hex'), content.length], [sha256, bytes]);
      assert.ok(rows > 0 && (await artifacts.has(sha256)));
    }
    assert.deepEqual(JSON.parse(await readFile(join(place, 'deepseek_training_20260302.manifest.json'), 'utf8')), written.manifest);
    assert.deepEqual(await write('a'), written, 'the same request again is the same set');
    assert.deepEqual(await write('b'), { kind: 'notDue', annotated: 0, needed: 100 });
    await registry.experiences.write(explainedTrades(100, 120));
    const next = await write('b');
    assert.ok(next.kind === 'written' && next.manifest.counts.annotated === 220);
  });

  it('of one instrument has a folder and a due time of its own', async () => {
    const { registry, place, write } = await open();
    await registry.experiences.write([...explainedTrades(120), ...explainedTrades(50, 0, 'NQ')]);
    assert.equal((await write('a')).kind, 'written');
    assert.deepEqual(await write('b', 'NQ'), { kind: 'notDue', annotated: 50, needed: 100 });
    const own = await write('c', 'ES');
    assert.ok(own.kind === 'written');
    assert.deepEqual([own.folder, own.manifest.instruments], [join(place, 'ES'), ['ES']]);
  });
});
