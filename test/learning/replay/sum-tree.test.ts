import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSumTree } from '../../../src/learning/replay/sum-tree.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('createSumTree', () => {
  const writes = fc.integer({ min: 1, max: 40 }).chain((capacity) =>
    fc.record({
      capacity: fc.constant(capacity),
      // Whole numbers: plain sums and tree sums are then exactly equal.
      sets: fc.array(fc.tuple(fc.integer({ min: 0, max: capacity - 1 }), fc.integer({ min: 0, max: 1000 })), {
        minLength: 1,
        maxLength: 100,
      }),
    }),
  );

  it('totals and finds exactly as plain sums do, after any writes', () => {
    fc.assert(
      fc.property(writes, ({ capacity, sets }) => {
        const tree = createSumTree(capacity);
        const plain = Array<number>(capacity).fill(0);
        for (const [index, weight] of sets) {
          tree.set(index, weight);
          plain[index] = weight;
        }
        assert.equal(tree.total(), sum(plain));
        assert.deepEqual([...tree.weights(capacity)], plain);
        for (let prefix = 0; prefix < Math.min(sum(plain), 300); prefix++) {
          const index = tree.find(prefix);
          assert.ok(sum(plain.slice(0, index)) <= prefix && prefix < sum(plain.slice(0, index + 1)), `prefix ${prefix} gives ${index}`);
        }
      }),
    );
  });

  it('never finds an index of weight zero, not even past the total', () => {
    fc.assert(
      fc.property(writes, fc.double({ min: 0, max: 1, noNaN: true }), ({ capacity, sets }, share) => {
        const tree = createSumTree(capacity);
        for (const [index, weight] of sets) tree.set(index, weight * 0.1);
        if (tree.total() > 0)
          for (const prefix of [share * tree.total(), tree.total(), tree.total() * 1.0000001]) assert.ok(tree.get(tree.find(prefix)) > 0);
      }),
    );
  });

  it('has the same bits in every node after its weights were saved and loaded', () => {
    fc.assert(
      fc.property(writes, ({ capacity, sets }) => {
        const [tree, again] = [createSumTree(capacity), createSumTree(capacity)];
        for (const [index, weight] of sets) tree.set(index, weight / 7);
        again.load(tree.weights(capacity));
        assert.equal(again.total(), tree.total());
        for (let i = 0; i < 20; i++) assert.equal(again.find((i / 20) * tree.total()), tree.find((i / 20) * tree.total()));
      }),
    );
  });

  it('refuses indices outside and weights that would spoil every sum', () => {
    const tree = createSumTree(3);
    for (const [index, weight] of [
      [3, 1],
      [-1, 1],
      [0, NaN],
      [0, Infinity],
      [0, -1],
    ] as const)
      assert.throws(() => tree.set(index, weight), RangeError);
    assert.throws(() => tree.load(new Float64Array(4)), RangeError);
  });
});
