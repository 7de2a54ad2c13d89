import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withoutNearDuplicates } from '../../../src/domain/finetuning/near-duplicates.js';

/** The rule without the shortcut: every text against every one that was kept. */
const byAllPairs = (texts: readonly string[]): number[] => {
  const sets = texts.map((text) => {
    const words = text.split(' ');
    return new Set(words.length < 3 ? [text] : words.slice(2).map((_, at) => words.slice(at, at + 3).join(' ')));
  });
  const kept: number[] = [];
  sets.forEach((set, at) => {
    const isNear = kept.some((other) => {
      const common = [...set].filter((sequence) => sets[other]!.has(sequence)).length;
      return common / (set.size + sets[other]!.size - common) >= 0.8;
    });
    if (!isNear) kept.push(at);
  });
  return kept;
};

describe('withoutNearDuplicates', () => {
  it('keeps what comparing every text with every other keeps', () => {
    const word = fc.constantFrom('buy', 'sell', 'wait', 'trend');
    const text = fc.array(word, { minLength: 1, maxLength: 24 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
        assert.deepEqual(withoutNearDuplicates(texts), byAllPairs(texts));
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('reads numbers to two significant digits and takes no heed of case', () => {
    assert.deepEqual(withoutNearDuplicates(['a loss of 12.34 in 5 bars', 'A loss of 12.01 in 5 bars', 'a loss of 13.4 in 5 bars']), [0, 2]);
  });
});
