import { studentQuantile } from './metrics/normal.js';

export interface ForgettingOptions {
  /** Net return of each session, the same sessions for both. */
  readonly candidate: Float64Array;
  readonly production: Float64Array;
  /** Name of the market's regime in each session. */
  readonly regimes: readonly string[];
  /** One-sided confidence of what is shown. */
  readonly confidence: number;
}

export interface Forgetting {
  /** Sessions that count as production's good windows. */
  readonly windows: number;
  /** Share of production's profit in them that the candidate gave up; negative when it earned more, null when production earned nothing. */
  readonly share: number | null;
  /** The share that is shown: its lower confidence bound, at least 0. */
  readonly shown: number;
}

/** Fewer good windows than this show nothing. */
const FEWEST_WINDOWS = 6;

/**
 * What a candidate has forgotten of what production was good at. The windows are sessions; the good ones are those in the third of the market's
 * regimes that production earned most in. Were they picked by production's profit in these very sessions, its luck would be picked with them
 * and each equal candidate would look forgetful (regression to the mean), so the sessions are split in two halves and each half's good regimes
 * are picked in the other. Chance is allowed for: `shown` is the lower bound of the ratio of mean loss to mean profit by Fieller's theorem (1954).
 */
export const measureForgetting = ({ candidate, production, regimes, confidence }: ForgettingOptions): Forgetting => {
  const half = halves(regimes);
  const good = [0, 1].map((side) => bestThird(production, regimes, half, 1 - side));
  const windows = regimes.flatMap((regime, session) => (good[half[session]!]!.has(regime) ? [session] : []));
  const profit = Float64Array.from(windows, (session) => production[session]!);
  const loss = Float64Array.from(windows, (session) => production[session]! - candidate[session]!);
  const [earned, lost] = [mean(profit), mean(loss)];
  const share = earned > 0 ? lost / earned : null;
  if (share === null || windows.length < FEWEST_WINDOWS) return { windows: windows.length, share, shown: 0 };

  const squareOfError = studentQuantile(confidence, windows.length - 1) ** 2 / windows.length;
  const a = earned * earned - squareOfError * covariance(profit, profit);
  const b = lost * earned - squareOfError * covariance(loss, profit);
  const c = lost * lost - squareOfError * covariance(loss, loss);
  const shown = a > 0 ? (b - Math.sqrt(Math.max(0, b * b - a * c))) / a : 0; // a ≤ 0: production's own profit there is not shown
  return { windows: windows.length, share, shown: Math.max(0, shown) };
};

/** Each regime's sessions in turn to either half. */
const halves = (regimes: readonly string[]): Int32Array => {
  const seen = new Map<string, number>();
  return Int32Array.from(regimes, (regime) => {
    const count = seen.get(regime) ?? 0;
    seen.set(regime, count + 1);
    return count % 2;
  });
};

/** The third of the regimes with production's highest mean profit in one half of the sessions, as far as it is a profit. */
const bestThird = (production: Float64Array, regimes: readonly string[], half: Int32Array, side: number): ReadonlySet<string> => {
  const names = [...new Set(regimes)];
  const earned = (regime: string): number => mean(production.filter((_, session) => regimes[session] === regime && half[session] === side));
  const ranked = names.map((regime) => ({ regime, profit: earned(regime) })).filter(({ profit }) => profit > 0);
  ranked.sort((one, other) => other.profit - one.profit);
  return new Set(ranked.slice(0, Math.ceil(names.length / 3)).map(({ regime }) => regime));
};

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const covariance = (a: Float64Array, b: Float64Array): number => {
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0) / (a.length - 1);
};
