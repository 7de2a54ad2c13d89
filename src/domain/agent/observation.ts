/** How a state vector is built: `lookback` rows of `features`, oldest first, then the private state. */
export interface ObservationSchema {
  /** Column names of one row, in order. */
  readonly features: readonly string[];
  /** Rows (bars) in the window, the newest being the bar whose close the decision is made at. */
  readonly lookback: number;
  readonly frequencyMs: number;
  /** Per feature, from the training window only: value = clamp((raw - mean) / scale, ±clip). */
  readonly normaliser: { readonly mean: readonly number[]; readonly scale: readonly number[]; readonly clip: number };
}

/** Private state, in this order: position as a fraction of the largest, cash share, share of the session left, horizon. All in about [-1, 1]. */
export const PRIVATE_STATE = ['position', 'cashShare', 'timeLeft', 'horizon'] as const;

/** Length of the state vector. */
export const observationSize = (schema: Pick<ObservationSchema, 'features' | 'lookback'>): number =>
  schema.features.length * schema.lookback + PRIVATE_STATE.length;
