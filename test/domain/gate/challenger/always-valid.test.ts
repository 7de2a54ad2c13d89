import assert from 'node:assert/strict';
import { alwaysValidMargin } from '../../../../src/domain/gate/challenger/always-valid.js';
import { createRandom } from '../../../../src/learning/random.js';

const FIRST = 50;
const DAYS = 500;
const LIVES = 1_000;
const CONFIDENCE = 0.9;
/** Of a standard normal at 0.9: what a single look may use. */
const ONE_LOOK = 1.2815515655446004;

/** Share of lives of `DAYS` daily differences in which some look from the first on shows an improvement, of true daily mean `mean` and deviation 1. */
const shown = (mean: number, margin: (bars: number, standardError: number) => number): number => {
  let found = 0;
  for (let life = 0; life < LIVES; life++) {
    const random = createRandom(life, 'looks');
    let [sum, squares] = [0, 0];
    for (let bars = 1; bars <= DAYS; bars++) {
      const value = mean + random.normal();
      sum += value;
      squares += value * value;
      if (bars < FIRST) continue;
      const average = sum / bars;
      const standardError = Math.sqrt((squares / bars - average * average) / (bars - 1));
      if (average > margin(bars, standardError)) {
        found++;
        break;
      }
    }
  }
  return found / LIVES;
};

const alwaysValid = (bars: number, standardError: number): number =>
  alwaysValidMargin({ standardError, bars, firstBars: FIRST, confidence: CONFIDENCE });

describe('alwaysValidMargin', function () {
  this.timeout(30_000);

  it('is not wrong more often than it says however often one looks, where bounds for one look are wrong most of the time', () => {
    const error = 2 * Math.sqrt((0.1 * 0.9) / LIVES);
    const found = shown(0, alwaysValid);
    assert.ok(found <= 0.1 + error, `${found}`);
    const peeked = shown(0, (_, standardError) => ONE_LOOK * standardError);
    assert.ok(peeked > 0.25, `${peeked}`);
  });

  it('shows an improvement that is there', () => {
    assert.ok(shown(0.15, alwaysValid) > 0.7);
  });

  it('is the inverse of the likelihood ratio of the test', () => {
    const look = { standardError: 0.2, bars: 120, firstBars: 60, confidence: 0.95 };
    const variance = look.standardError ** 2 * look.bars;
    const mixture = (3 / look.firstBars) * variance;
    const mean = alwaysValidMargin(look);
    const ratio =
      Math.sqrt(variance / (variance + look.bars * mixture)) *
      Math.exp((look.bars ** 2 * mixture * mean ** 2) / (2 * variance * (variance + look.bars * mixture)));
    assert.ok(Math.abs(ratio - 20) < 1e-9, `${ratio}`);
  });
});
