import assert from 'node:assert/strict';
import { bar, duration, figure } from '../../src/cli/terminal/figures.js';

describe('figures on the terminal', () => {
  it('show numbers of any size in a few characters', () => {
    assert.deepEqual([null, 0, 30, 120_000, -7, 0.0123456, -0.5, 16.4, 2_345.6].map(figure), [
      '–',
      '0',
      '30',
      '120,000',
      '-7',
      '0.0123',
      '-0.500',
      '16.4',
      '2,346',
    ]);
  });

  it('show seconds as minutes and hours', () => {
    assert.deepEqual([0, 5.4, 65, 3_600, 7_385, -3].map(duration), ['0:00', '0:05', '1:05', '1:00:00', '2:03:05', '0:00']);
  });

  it('fill a bar from empty to full and never beyond', () => {
    assert.deepEqual(
      [-1, 0, 0.5, 1, 2].map((share) => bar(share, 4)),
      ['░░░░', '░░░░', '██░░', '████', '████'],
    );
  });
});
