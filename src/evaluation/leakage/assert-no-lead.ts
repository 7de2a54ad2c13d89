import type { BarSeries } from '../../domain/market/bars.js';
import type { RawFeatures } from '../../domain/market/features.js';
import { LookAhead } from './look-ahead.js';

/** No honest feature of a market explains a quarter of the variance of its next return. */
const LARGEST_CORRELATION = 0.5;
/** Fewer pairs than this say nothing. */
const FEWEST_PAIRS = 200;

/**
 * Asserts that neither a feature nor its change goes with the return of the next bar (within its session) as only that return itself would. It is
 * a net for what comes with the bars and cannot be computed again. Throws `LookAhead` naming the feature.
 */
export const assertNoLead = ({ names, rows, values }: RawFeatures, { close, session }: BarSeries): void => {
  const width = names.length;
  for (const [column, name] of names.entries()) {
    const [level, change] = [emptySums(), emptySums()];
    for (let row = 1; row + 1 < rows; row++) {
      if (session[row + 1] !== session[row]) continue;
      const next = Math.log(close[row + 1]! / close[row]!);
      const value = values[row * width + column]!;
      add(level, value, next);
      add(change, value - values[(row - 1) * width + column]!, next);
    }
    for (const [what, sums] of [
      ['', level],
      ['the change of ', change],
    ] as const) {
      const found = correlation(sums);
      if (sums.pairs >= FEWEST_PAIRS && Math.abs(found) > LARGEST_CORRELATION)
        throw new LookAhead(
          `feature ${name} knows the next bar: ${what}${name} correlates by ${found.toFixed(3)} with the return of the bar after it, and more than ±${LARGEST_CORRELATION} is no forecast; look at the stamps that it was joined by`,
        );
    }
  }
};

/** Sums over pairs where both are finite. */
interface Sums {
  pairs: number;
  x: number;
  y: number;
  xx: number;
  yy: number;
  xy: number;
}

const emptySums = (): Sums => ({ pairs: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 });

const add = (sums: Sums, x: number, y: number): void => {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return;
  sums.pairs++;
  sums.x += x;
  sums.y += y;
  sums.xx += x * x;
  sums.yy += y * y;
  sums.xy += x * y;
};

const correlation = ({ pairs, x, y, xx, yy, xy }: Sums): number => {
  const [varianceX, varianceY] = [pairs * xx - x * x, pairs * yy - y * y];
  return varianceX <= 1e-12 * pairs * xx || varianceY <= 1e-12 * pairs * yy ? 0 : (pairs * xy - x * y) / Math.sqrt(varianceX * varianceY);
};
