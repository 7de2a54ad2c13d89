import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import { kolmogorovSmirnov } from '../../../src/domain/drift/kolmogorov-smirnov.js';
import { driftMeasures } from '../../../src/domain/drift/measures.js';
import { populationStability } from '../../../src/domain/drift/population-stability.js';
import { wasserstein } from '../../../src/domain/drift/wasserstein.js';
import { near } from '../../support/near.js';
import { sharedFolder } from '../../support/shared.js';

const sample = fc
  .array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((values) => Float64Array.from(values).sort());

describe('each measure of drift', () => {
  for (const [name, measure] of Object.entries(driftMeasures))
    it(`is 0 of a sample and itself, never negative, and larger for one that was moved away (${name})`, () => {
      fc.assert(
        fc.property(sample, sample, (one, other) => {
          assert.equal(measure(one, one), 0);
          assert.ok(measure(one, other) >= 0);
          const moved = other.map((value) => value + 1e5);
          assert.ok(measure(one, moved) > 0);
        }),
      );
    });
});

const halves = z.object({
  ks_statistic: z.number(),
  wasserstein_1: z.number(),
  psi_q10: z.object({ psi: z.number() }),
  psi_q20: z.object({ psi: z.number() }),
});
const oracle = z.object({ btc_5m_logret_halves: halves, mnq_1m_logret_halves: halves, btc_5m_logvolume_halves: halves });

describe('the measures of drift on real returns and volumes', () => {
  let shared = '';
  let expected: z.output<typeof oracle>;
  before(async function () {
    const folder = sharedFolder();
    if (folder === null) {
      console.log('      skipped: no shared folder with market data');
      this.skip();
    }
    shared = folder;
    expected = oracle.parse(JSON.parse(await readFile(join(shared, 'oracle/drift.json'), 'utf8')));
  });

  const column = async (file: string, separator: string, at: number): Promise<number[]> =>
    (await readFile(join(shared, file), 'utf8'))
      .split(/\r?\n/)
      .map((line) => Number(line.split(separator)[at] ?? NaN))
      .filter(Number.isFinite);
  const logReturns = (closes: readonly number[]): number[] => closes.slice(1).map((close, i) => Math.log(close / (closes[i] ?? NaN)));

  const assertHalves = (values: readonly number[], want: z.output<typeof halves>): void => {
    const half = values.length >> 1;
    const [first, second] = [values.slice(0, half), values.slice(half, 2 * half)].map((part) => Float64Array.from(part).sort());
    assert.ok(first && second);
    for (const [found, wanted] of [
      [kolmogorovSmirnov(first, second), want.ks_statistic],
      [wasserstein(first, second), want.wasserstein_1],
      [populationStability(first, second), want.psi_q10.psi],
      [populationStability(first, second, 20), want.psi_q20.psi],
    ] as const)
      near(found, wanted, 1e-9);
  };

  it('are those of an independent computation (BTC returns)', async () => {
    assertHalves(logReturns(await column('data/crypto/BTC_USDT-5m.csv', ',', 4)), expected.btc_5m_logret_halves);
  });

  it('are those of an independent computation (BTC volumes)', async () => {
    assertHalves((await column('data/crypto/BTC_USDT-5m.csv', ',', 5)).slice(1).map(Math.log1p), expected.btc_5m_logvolume_halves);
  });

  it('are those of an independent computation (MNQ returns)', async () => {
    assertHalves(logReturns(await column('data/nt8/MNQ 03-22.Last.txt', ';', 4)), expected.mnq_1m_logret_halves);
  });
});
