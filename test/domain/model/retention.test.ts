import assert from 'node:assert/strict';
import fc from 'fast-check';
import { superfluousModels, type KeptModel } from '../../../src/domain/model/retention.js';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 21);
const MB = 1e6;

const model = (name: string, ageDays: number, changed: Partial<KeptModel> = {}): KeptModel => ({
  instrument: 'ES',
  bucket: 'default',
  name,
  registeredAt: new Date(NOW - ageDays * DAY_MS).toISOString(),
  neededAs: null,
  files: [{ id: name, bytes: MB }],
  ...changed,
});
const deleted = (...asked: Parameters<typeof superfluousModels>): string[] =>
  superfluousModels(...asked).map(({ model: { name } }) => name);

describe('superfluousModels', () => {
  const five = [5, 4, 3, 2, 1].map((age, index) => model(`v${index + 1}`, age));

  it('are those beyond the newest of each place, counted with what is needed', () => {
    const other = { bucket: 'Short' };
    const kept = [...five, model('s1', 9, other), model('s2', 8, other), model('v6', 0, { neededAs: 'live' })];
    assert.deepEqual(deleted(kept, { maxModelVersions: 2 }, NOW), ['v1', 'v2', 'v3', 'v4']);
  });

  it('are those that are too old, to the millisecond', () => {
    const rule = { maxModelVersions: 100, maxModelAgeDays: 3 };
    assert.deepEqual(deleted(five, rule, NOW), ['v1', 'v2']);
    assert.deepEqual(deleted(five, rule, NOW + 1), ['v1', 'v2', 'v3']);
  });

  it('are the oldest until the rest fits, a file that versions share counting once and only as long as one of them is kept', () => {
    const rule = { maxModelVersions: 100, maxModelsMb: 3 };
    assert.deepEqual(deleted(five, rule, NOW), ['v1', 'v2']);
    const shared = [{ id: 'shared', bytes: 2 * MB }];
    const kept = [model('a', 3, { files: shared }), model('b', 2, { files: shared }), ...five.slice(3)];
    assert.deepEqual(deleted(kept, rule, NOW), ['a', 'b']);
    assert.deepEqual(deleted(kept, { ...rule, maxModelsMb: 4 }, NOW), []);
  });

  it('say which setting asks for it', () => {
    const [count] = superfluousModels(five, { maxModelVersions: 4 }, NOW);
    assert.equal(count?.reason, '4 newer versions are registered (retention.max_model_versions)');
    assert.match(superfluousModels(five, { maxModelVersions: 9, maxModelAgeDays: 4.5 }, NOW)[0]!.reason, /more than 4.5 days ago \(retention\.max_model_age_days\)$/); // prettier-ignore
    assert.match(superfluousModels(five, { maxModelVersions: 9, maxModelsMb: 4 }, NOW)[0]!.reason, /more than 4 MB \(retention\.max_models_mb\)$/); // prettier-ignore
  });

  it('never hold one that is needed, and leave the rest within every limit', () => {
    const any = fc.record({ age: fc.integer({ min: 0, max: 20 }), bytes: fc.integer({ min: 0, max: 5 }), file: fc.integer({ min: 0, max: 3 }), needed: fc.boolean(), bucket: fc.constantFrom('A', 'B') }); // prettier-ignore
    const limits = fc.record({ maxModelVersions: fc.integer({ min: 1, max: 5 }), maxModelAgeDays: fc.integer({ min: 1, max: 20 }), maxModelsMb: fc.integer({ min: 1, max: 12 }) }); // prettier-ignore
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), limits, (drawn, rule) => {
        const kept = drawn.map(
          ({ age, bytes, file, needed, bucket }, index) =>
          model(`v${index}`, age, { bucket, neededAs: needed ? 'live' : null, files: [{ id: `own ${index}`, bytes: bytes * MB }, { id: `shared ${file}`, bytes: MB }] }), // prettier-ignore
        );
        const gone = new Set(superfluousModels(kept, rule, NOW).map((one) => one.model));
        const left = kept.filter((one) => !gone.has(one));
        assert.ok([...gone].every(({ neededAs }) => neededAs === null));
        const free = left.filter(({ neededAs }) => neededAs === null);
        assert.ok(free.every(({ registeredAt }) => Date.parse(registeredAt) >= NOW - rule.maxModelAgeDays * DAY_MS));
        const sizes = new Map(left.flatMap(({ files }) => files.map(({ id, bytes }) => [id, bytes] as const)));
        const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
        assert.ok(free.length === 0 || bytes <= rule.maxModelsMb * MB);
      }),
      { seed: 8, numRuns: 300 },
    );
  });
});
