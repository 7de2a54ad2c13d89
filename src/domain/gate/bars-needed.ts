/**
 * More bars after which the lower bound of a difference would pass zero, were the estimate to stay as it is: the width of the interval shrinks
 * with the square root of the bars. Null when the estimate does not point upwards, for then no number of bars would do.
 */
export const barsToShowPositive = (bars: number, estimate: number, lower: number): number | null =>
  estimate <= 0 ? null : Math.max(1, Math.ceil(bars * ((estimate - lower) / estimate) ** 2 - bars));

/** More bars until a count that grows with time reaches `required`, at its rate so far; null when it has not begun to grow. */
export const barsToCount = (bars: number, found: number, required: number): number | null =>
  found <= 0 ? null : Math.max(1, Math.ceil((bars * required) / found - bars));
