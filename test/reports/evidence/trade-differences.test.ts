import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Trade } from '../../../src/domain/trade.js';
import { totalsOf, tradeDifferences } from '../../../src/reports/evidence/trade-differences.js';

const trade = (changed: Partial<Trade> = {}): Trade => ({
  session: 0,
  side: 1,
  units: 2,
  entryBar: 10,
  exitBar: 20,
  entryPrice: 100,
  exitPrice: 101,
  net: 2,
  ...changed,
});

const anyTrade = fc
  .record({
    session: fc.integer({ min: 0, max: 2 }),
    side: fc.constantFrom(1 as const, -1 as const),
    units: fc.integer({ min: 1, max: 3 }),
    entryBar: fc.integer({ min: 0, max: 50 }),
    length: fc.integer({ min: 1, max: 20 }),
    net: fc.integer({ min: -100, max: 100 }),
  })
  .map(({ length, ...rest }) => trade({ ...rest, exitBar: rest.entryBar + length }));

describe('tradeDifferences', () => {
  for (const [what, changed, kind, why] of [
    ['the same trade', {}, 'same', 'nothing differs'],
    ['a later entry', { entryBar: 13 }, 'timing', 'entered 3 bars later'],
    ['an earlier exit with more units', { exitBar: 19, units: 3 }, 'timing', 'left 1 bar earlier, larger'],
    ['fewer units', { units: 1 }, 'size', 'smaller'],
    ['another fill', { entryPrice: 99 }, 'price', 'filled at other prices'],
    ['the other side', { side: -1 }, 'opposite', 'the candidate took the other side'],
  ] as const)
    it(`tells ${what} and why`, () => {
      const [found, ...others] = tradeDifferences([trade({ ...changed, net: 5 })], [trade()]);
      assert.deepEqual([found?.kind, found?.why, found?.effect, others.length], [kind, why, 3, 0]);
    });

  it('leaves trades of other times and of other sessions unpaired', () => {
    const kinds = tradeDifferences([trade({ entryBar: 21, exitBar: 30 }), trade({ session: 1 })], [trade()]).map(({ kind }) => kind);
    assert.deepEqual(kinds, ['candidateOnly', 'candidateOnly', 'productionOnly']);
  });

  it('pairs with the trade on the same side that overlaps longest', () => {
    const production = [
      trade({ entryBar: 8, exitBar: 22, side: -1, net: 1 }),
      trade({ entryBar: 18, exitBar: 30, net: 3 }),
      trade({ entryBar: 5, exitBar: 14, net: 4 }),
    ];
    assert.equal(tradeDifferences([trade()], production)[0]?.production?.net, 4);
  });

  it('puts every trade of either into exactly one difference, so that effects add up', () => {
    fc.assert(
      fc.property(fc.array(anyTrade, { maxLength: 30 }), fc.array(anyTrade, { maxLength: 30 }), (candidate, production) => {
        const differences = tradeDifferences(candidate, production);
        const of = (side: 'candidate' | 'production') => differences.flatMap((difference) => difference[side] ?? []);
        assert.deepEqual(new Set(of('candidate')), new Set(candidate));
        assert.equal(of('candidate').length, candidate.length);
        assert.deepEqual(new Set(of('production')), new Set(production));
        assert.equal(of('production').length, production.length);
        const net = (trades: readonly Trade[]): number => trades.reduce((sum, one) => sum + one.net, 0);
        const totals = totalsOf(differences);
        assert.equal(
          totals.reduce((sum, { effect }) => sum + effect, 0),
          net(candidate) - net(production),
        );
        assert.equal(
          totals.reduce((sum, { count }) => sum + count, 0),
          differences.length,
        );
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
