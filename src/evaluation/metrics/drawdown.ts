import { annualReturn, equityCurve } from './equity.js';
import type { Growth } from './equity.js';

/** How far and how long equity was below its peak. Depths are positive fractions: of the peak when compounding, of the capital when additive. */
export interface Drawdowns {
  readonly deepest: number;
  /** Index of the bar of the deepest point's peak (-1: the start) and of the point itself. */
  readonly peakIndex: number;
  readonly troughIndex: number;
  /** Root mean square of the depth over the start and every bar (ulcer index). */
  readonly ulcer: number;
  /** Longest run of bars below a peak. */
  readonly longestUnderwater: number;
}

/** Drawdowns of a return series whose equity starts at 1. */
export const drawdowns = (returns: Float64Array, growth: Growth): Drawdowns => {
  const equity = equityCurve(returns, growth);
  let peak = 1;
  let peakAt = -1;
  let found = { deepest: 0, peakIndex: -1, troughIndex: -1 };
  let squares = 0;
  let underwater = 0;
  let longestUnderwater = 0;
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!;
    if (value >= peak) [peak, peakAt, underwater] = [value, i, 0];
    else longestUnderwater = Math.max(longestUnderwater, ++underwater);
    const depth = growth === 'additive' ? peak - value : 1 - value / peak;
    squares += depth * depth;
    if (depth > found.deepest) found = { deepest: depth, peakIndex: peakAt, troughIndex: i };
  }
  return { ...found, ulcer: Math.sqrt(squares / (equity.length + 1)), longestUnderwater };
};

/** Deepest fall from a peak as a positive fraction. */
export const maxDrawdown = (returns: Float64Array, growth: Growth): number => drawdowns(returns, growth).deepest;

/** Return per year over the deepest drawdown; NaN or infinite when there was none. */
export const calmar = (returns: Float64Array, periodsPerYear: number, growth: Growth): number =>
  annualReturn(returns, periodsPerYear, growth) / maxDrawdown(returns, growth);
