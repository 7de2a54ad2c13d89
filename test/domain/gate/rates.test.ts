import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { gateRates } from '../../../src/domain/gate/rates.js';

describe('gateRates', () => {
  it('are those of the table that the bench wrote', async () => {
    const rows = (await readFile('docs/gate-power.md', 'utf8')).split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const rates = (bars: number, gain: string): number[] => {
      const row = rows.find((cells) => cells[1] === `${bars}` && cells[2] === '1' && cells[3] === gain);
      assert.ok(row, `no row of ${bars} bars, Sharpe 1, gain ${gain}`);
      return [row[5], row[6], row[8]].map(Number); // simple, balanced, strict with five trials
    };
    const columns = [rates(252, '+0'), rates(252, '+1'), rates(1_260, '+1')];
    Object.values(gateRates).forEach(({ falsePromotions, powerOneYear, powerFiveYears }, profile) =>
      assert.deepEqual(
        [falsePromotions, powerOneYear, powerFiveYears],
        columns.map((column) => column[profile]),
      ),
    );
  });
});
