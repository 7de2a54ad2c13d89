import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createRandom, restoreRandom } from '../../src/learning/random.js';

const draw = (random: { uniform(): number }, count: number): number[] => Array.from({ length: count }, () => random.uniform());

describe('createRandom', () => {
  it('gives the same numbers for the same seed and stream, and others for another seed or stream', () => {
    assert.deepEqual(draw(createRandom(42, 'a'), 20), draw(createRandom(42, 'a'), 20));
    assert.notDeepEqual(draw(createRandom(42, 'a'), 20), draw(createRandom(43, 'a'), 20));
    assert.notDeepEqual(draw(createRandom(42, 'a'), 20), draw(createRandom(42, 'b'), 20));
  });

  it('continues from a saved state through JSON, after any mixture of draws', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.constantFrom('uniform', 'normal', 'integer'), { maxLength: 50 }), (seed, draws) => {
        const random = createRandom(seed, 'stream');
        for (const kind of draws) random[kind](7);
        const again = restoreRandom(JSON.parse(JSON.stringify(random.state())) as number[]);
        assert.deepEqual(draw(again, 10), draw(random, 10));
      }),
    );
  });

  it('draws uniforms within [0, 1), standard normals and every integer below the bound', () => {
    const random = createRandom(1, 'moments');
    const uniforms = draw(random, 20_000);
    assert.ok(uniforms.every((value) => value >= 0 && value < 1));
    const normals = Array.from({ length: 20_000 }, () => random.normal());
    const mean = normals.reduce((sum, value) => sum + value, 0) / normals.length;
    const variance = normals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normals.length;
    assert.ok(Math.abs(mean) < 0.03, `mean ${mean}`);
    assert.ok(Math.abs(variance - 1) < 0.05, `variance ${variance}`);
    const counts = new Map<number, number>();
    for (let i = 0; i < 21_000; i++) {
      const value = random.integer(21);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    assert.deepEqual(
      [...counts.keys()].sort((a, b) => a - b),
      Array.from({ length: 21 }, (_, i) => i),
    );
    assert.ok([...counts.values()].every((count) => Math.abs(count - 1000) < 160));
  });

  it('refuses a damaged state and a bound below one', () => {
    assert.throws(() => restoreRandom([0, 0, 0, 0]), RangeError);
    assert.throws(() => restoreRandom([1, 2, 3]), RangeError);
    assert.throws(() => restoreRandom([1, 2, 3, 0.5]), RangeError);
    assert.throws(() => createRandom(1, 's').integer(0), RangeError);
  });
});
