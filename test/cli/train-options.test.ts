import assert from 'node:assert/strict';
import { UsedWrongly } from '../../src/cli/exit-codes.js';
import { sequenceBody } from '../../src/cli/train/train-options.js';

const body = (options: Partial<Parameters<typeof sequenceBody>[0]>) => sequenceBody(options, 'ES');

describe('the options of ratchet train', () => {
  it('say nothing that was not said, so that the configuration holds', () => {
    assert.deepEqual(body({}), { instrument: 'ES' });
  });

  it('take buckets with blanks, commas and both', () => {
    for (const sequence of [['A', 'B', 'C'], ['A,B,C'], ['A,', 'B C']])
      assert.deepEqual(body({ sequence }), { instrument: 'ES', sequence: ['A', 'B', 'C'] });
  });

  it('take episodes for all or by bucket', () => {
    assert.deepEqual(body({ episodes: '20' }).episodes, 20);
    assert.deepEqual(body({ episodes: 'Scalping=50, Medium=100' }).episodes, { Scalping: 50, Medium: 100 });
  });

  it('tell apart where the first one starts from, and that nothing is handed on', () => {
    assert.deepEqual(body({ transfer: 'Medium' }), { instrument: 'ES', transfer: true, from: 'Medium' });
    assert.deepEqual(body({ transfer: false }), { instrument: 'ES', transfer: false });
  });

  it('go on with a sequence, from a bucket on if one is named', () => {
    assert.deepEqual(body({ resume: true, bucket: 'Medium' }), { instrument: 'ES', resume: true, bucket: 'Medium' });
  });

  it('take a curriculum, and buckets at once', () => {
    assert.deepEqual(body({ curriculum: true }), { instrument: 'ES', curriculum: true });
    assert.deepEqual(body({ transfer: false, parallel: '2' }), { instrument: 'ES', transfer: false, parallel: 2 });
  });

  for (const [what, options] of [
    ['a sequence and a bucket', { sequence: ['A'], bucket: 'B' }],
    ['a new sequence in a resumed one', { resume: true, sequence: ['A'] }],
    ['a curriculum of a resumed one', { resume: true, curriculum: true }],
    ['no bucket at once', { parallel: '0' }],
    ['no episodes', { episodes: '0' }],
    ['episodes in words', { episodes: 'Scalping=many' }],
  ] as const)
    it(`refuse ${what}`, () => assert.throws(() => body(options), UsedWrongly));
});
