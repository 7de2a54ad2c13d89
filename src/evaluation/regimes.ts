import type { BarRange, BarSeries } from '../domain/market/bars.js';

/** What kind of day a session was, by thirds of all the sessions looked at. */
export interface Regime {
  readonly volatility: 'quiet' | 'normal' | 'wild';
  readonly trend: 'falling' | 'sideways' | 'rising';
}

const VOLATILITY = ['quiet', 'normal', 'wild'] as const;
const TREND = ['falling', 'sideways', 'rising'] as const;

/**
 * The regime of each session: its volatility (root mean square of the bars' log returns) and its trend (the session's log return in units of
 * that), each by thirds. Describes the market, not a policy, and is used after the fact only.
 */
export const sessionRegimes = (bars: Pick<BarSeries, 'close'>, sessions: readonly BarRange[]): readonly Regime[] => {
  const described = sessions.map((session) => describe(bars.close, session));
  const volatility = thirds(described.map((session) => session.volatility));
  const trend = thirds(described.map((session) => session.trend));
  return sessions.map((_, i) => ({ volatility: VOLATILITY[volatility[i]!]!, trend: TREND[trend[i]!]! }));
};

/** A regime in words, such as `wild rising`. */
export const regimeName = ({ volatility, trend }: Regime): string => `${volatility} ${trend}`;

const describe = (close: Float64Array, { from, to }: BarRange): { volatility: number; trend: number } => {
  let squares = 0;
  for (let bar = from + 1; bar < to; bar++) squares += Math.log(close[bar]! / close[bar - 1]!) ** 2;
  const move = Math.log(close[to - 1]! / close[from]!);
  return { volatility: Math.sqrt(squares / (to - from - 1)), trend: squares === 0 ? 0 : move / Math.sqrt(squares) };
};

/** Which third of the values each is in, 0 to 2, in order of size. */
const thirds = (values: readonly number[]): Int32Array => {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
  const third = new Int32Array(values.length);
  order.forEach((index, rank) => (third[index] = Math.floor((3 * rank) / values.length)));
  return third;
};
