/** By what past situations are compared: where the price came from, how wild the market is, where it stands in its range and its day. All without units. */
export const SITUATION_FEATURES = [
  'momentum5',
  'momentum15',
  'closeLocation',
  'relativeVolume',
  'rsi',
  'bollinger',
  'atr',
  'timeOfDay',
] as const;

/** Vectors of the same name can be compared; `frequencyMs` is the length of the bars. */
export const situationName = (frequencyMs: number): string => `${frequencyMs / 1_000}s ${SITUATION_FEATURES.join(' ')}`;

/** A trade by the situation in which it was decided. */
export interface Situation {
  readonly id: string;
  /** Epoch ms: when it was decided, and when its outcome was known. */
  readonly decidedAt: number;
  readonly knownAt: number;
  /** As `SITUATION_FEATURES`. */
  readonly features: Float32Array;
}

/** A past situation with its distance, in standard deviations of a feature. */
export interface Neighbour {
  readonly situation: Situation;
  readonly distance: number;
}

/**
 * The `count` situations that are most like `features`, nearest first, among those whose outcome was known at `at` (epoch ms) and that were decided
 * before it: nothing later takes part, not even in the scale, which is that of the past ones. Of equally near ones the later comes first.
 */
export const nearestPast = (
  situations: readonly Situation[],
  { features, at }: { readonly features: Float32Array; readonly at: number },
  count: number,
): Neighbour[] => {
  const past = situations.filter(
    (one) => one.decidedAt < at && one.knownAt <= at && one.features.length === features.length && one.features.every(Number.isFinite),
  );
  const scales = Array.from(features, (_, column) => deviation(past, column));
  const distanceOf = (one: Situation): number => {
    const squares = scales.map((scale, column) =>
      scale === 0 ? 0 : (((one.features[column] ?? NaN) - (features[column] ?? NaN)) / scale) ** 2,
    );
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
  };
  return past
    .map((situation) => ({ situation, distance: distanceOf(situation) }))
    .sort((a, b) => a.distance - b.distance || b.situation.decidedAt - a.situation.decidedAt || (a.situation.id < b.situation.id ? -1 : 1))
    .slice(0, count);
};

const deviation = (situations: readonly Situation[], column: number): number => {
  const values = situations.map(({ features }) => features[column] ?? NaN);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};
