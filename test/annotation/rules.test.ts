import assert from 'node:assert/strict';
import { annotateByRules, annotationRules } from '../../src/annotation/annotate-by-rules.js';
import type { AnnotationRule, TradeFacts, UsualTrade } from '../../src/annotation/trade-facts.js';
import { tradePath } from '../../src/annotation/trade-path.js';
import { TRENDS } from '../../src/domain/experience/experience.js';
import { barsOf, seededUniform } from '../support/market/bars.js';

const usual: UsualTrade = { durationSeconds: 1_800, volatility: 0.2 };

/** Trades of every kind, the same on each run. */
const trades = (count: number): TradeFacts[] => {
  const uniform = seededUniform(11);
  return Array.from({ length: count }, () => {
    const favourable = 0.01 * uniform() ** 2;
    const adverse = 0.01 * uniform() ** 2;
    const captured = favourable - (favourable + adverse) * uniform();
    return {
      side: uniform() < 0.5 ? 1 : -1,
      pnl: 1_000 * captured - 2 * uniform(),
      durationSeconds: 7_200 * uniform() ** 2,
      size: uniform(),
      confidence: uniform(),
      volatility: 0.5 * uniform(),
      trend: TRENDS[Math.floor(3 * uniform())]!,
      path: {
        favourable,
        adverse,
        captured,
        usual: 0.004 * uniform(),
        barsToFavourable: Math.floor(30 * uniform()),
        barsToAdverse: Math.floor(30 * uniform()),
      },
    };
  });
};

/** The trade that went as far the other way. */
const contrast = (facts: TradeFacts): TradeFacts => ({
  ...facts,
  pnl: -facts.pnl,
  path:
    facts.path === null
      ? null
      : {
          ...facts.path,
          favourable: facts.path.adverse,
          adverse: facts.path.favourable,
          captured: -facts.path.captured,
          barsToFavourable: facts.path.barsToAdverse,
          barsToAdverse: facts.path.barsToFavourable,
        },
});

const bare: TradeFacts = { side: 1, pnl: 10, durationSeconds: 600, size: 0.5, confidence: null, volatility: null, trend: null, path: null };

describe('the table of annotation rules', () => {
  it('has at least eight', () => assert.ok(Object.keys(annotationRules).length >= 8));

  for (const [name, rule] of Object.entries<AnnotationRule>(annotationRules)) {
    it(`holds ${name}: it speaks of some trades and not of all, cites numbers, and contrasts what contrasts`, () => {
      const all = trades(2_000);
      const found = all.map((facts) => rule(facts, usual));
      const spoken = found.filter((finding) => finding !== null);
      assert.ok(spoken.length > 20 && spoken.length < all.length, `${spoken.length} of ${all.length}`);
      assert.ok(new Set(spoken.map(({ lesson }) => lesson)).size >= 2, 'one lesson for all teaches nothing');
      for (const { lesson, because } of spoken) {
        assert.match(because, /\d/);
        assert.doesNotMatch(`${lesson} ${because}`, /NaN|undefined|Infinity/);
      }
      for (const facts of all) {
        const [one, other] = [rule(facts, usual), rule(contrast(facts), usual)];
        if (one !== null && other !== null) assert.notEqual(one.lesson, other.lesson);
      }
    });

    it(`holds ${name}: it is silent where what it needs is not known`, () => {
      const finding = rule(bare, null);
      assert.equal(finding, null);
    });
  }

  it('explains a trade that bought the low and sold the high', () => {
    const path = { favourable: 0.01, adverse: 0.0005, captured: 0.0095, usual: 0.003, barsToFavourable: 12, barsToAdverse: 1 };
    const facts: TradeFacts = { ...bare, pnl: 855, trend: 'bullish', volatility: 0.2, confidence: 0.8, path };
    const { reasoning, lessonsLearned } = annotateByRules(facts, usual);
    assert.deepEqual(lessonsLearned, [
      'Good entry timing: the price hardly went against the position',
      'Good exit: most of the move was kept',
      'The risk taken was small: the position was never far behind',
      'The direction was right: the price went unusually far',
      'A quick winner: see whether it could have run longer',
      'The move was worth its costs many times over',
      'Trading with the trend paid',
      'Confidence was justified',
    ]);
    assert.match(reasoning, /^A long trade made 855\.00\. Good entry timing.*0\.05 % against the position after 1 bars/);
  });
});

describe('tradePath', () => {
  const rows = Array.from({ length: 40 }, (_, bar) => ({
    open: 100,
    high: 100.5,
    low: 99.5,
    close: bar % 2 === 0 ? 100 : 100.1,
    volume: 1,
  }));
  rows[31] = { open: 100, high: 102, low: 99.9, close: 101, volume: 1 };
  rows[32] = { open: 101, high: 101, low: 98, close: 99, volume: 1 };
  rows[33] = { open: 99, high: 120, low: 80, close: 100, volume: 1 };
  const bars = barsOf(rows);
  const decisionMs = bars.closeTime[29]!;

  it('reads the bars that were held, no earlier and no later one', () => {
    const long = tradePath(bars, { decisionMs, durationSeconds: 180, side: 1, entryPrice: 100 });
    assert.ok(long !== null);
    const { usual: move, ...rest } = long;
    assert.deepEqual(rest, { favourable: 0.02, adverse: 0.02, captured: -0.01, barsToFavourable: 2, barsToAdverse: 3 });
    assert.ok(move > 0.001 && move < 0.003, String(move));
    const short = tradePath(bars, { decisionMs, durationSeconds: 180, side: -1, entryPrice: 100 });
    assert.deepEqual([short?.favourable, short?.adverse, short?.captured], [0.02, 0.02, 0.01]);
  });

  it('is not known where the bars, or those before them, are missing', () => {
    assert.equal(tradePath(bars, { decisionMs: bars.closeTime[39]!, durationSeconds: 180, side: 1, entryPrice: 100 }), null);
    assert.equal(tradePath(bars, { decisionMs: bars.closeTime[5]!, durationSeconds: 180, side: 1, entryPrice: 100 }), null);
  });
});
