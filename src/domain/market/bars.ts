/** Bars of one instrument as columns, ascending by time. Stamps are epoch milliseconds UTC. */
export interface BarSeries {
  readonly instrument: string;
  /** Length of a bar in milliseconds. */
  readonly frequencyMs: number;
  readonly length: number;
  readonly openTime: Float64Array;
  readonly closeTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** 0-based ordinal of the trading session that the bar belongs to; never decreases. */
  readonly session: Int32Array;
}

/** Half-open range [from, to) of bar indices. */
export interface BarRange {
  readonly from: number;
  readonly to: number;
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `5m`, `1h`, `1d` in milliseconds. Throws `RangeError` on anything else. */
export const frequencyMs = (text: string): number => {
  const match = /^([1-9]\d{0,4})([smhd])$/.exec(text);
  if (match === null)
    throw new RangeError(`frequency ${JSON.stringify(text)} is not valid: expected a whole number and s, m, h or d, such as 1m or 4h`);
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
};

/** First bar of each session, plus the series' length at the end: session s is [starts[s], starts[s + 1]). */
export const sessionStarts = (bars: Pick<BarSeries, 'length' | 'session'>): Int32Array => {
  const starts: number[] = [];
  for (let i = 0; i < bars.length; i++) if (i === 0 || bars.session[i] !== bars.session[i - 1]) starts.push(i);
  starts.push(bars.length);
  return Int32Array.from(starts);
};

/** Milliseconds as `frequencyMs` reads them: 300000 is `5m`. Throws `RangeError` unless they are whole seconds. */
export const frequencyText = (ms: number): string => {
  for (const [unit, length] of [
    ['d', UNITS.d],
    ['h', UNITS.h],
    ['m', UNITS.m],
    ['s', UNITS.s],
  ] as const)
    if (ms >= length && ms % length === 0) return `${ms / length}${unit}`;
  throw new RangeError(`a bar of ${ms} ms has no short name: expected a positive whole number of seconds`);
};

/** How many bars, from the first on, belong to sessions that had ended by a time in epoch ms: whole sessions, as far as there are bars of them. */
export const barsOfSessionsEndedBy = (bars: Pick<BarSeries, 'length' | 'session' | 'closeTime'>, time: number): number =>
  sessionStarts(bars).findLast((start) => start === 0 || (bars.closeTime[start - 1] ?? Infinity) <= time) ?? 0;
