import type { GateProfile } from './types.js';

/** How often a profile promotes, measured over many cycles with a production of annual Sharpe 1. */
export interface GateRates {
  /** Share of candidates without an improvement that are promoted, after a year of daily bars. */
  readonly falsePromotions: number;
  /** Share of candidates better by an annual Sharpe of 1 that are promoted, after one and after five years of daily bars. */
  readonly powerOneYear: number;
  readonly powerFiveYears: number;
}

/** What each profile lets through, as docs/gate-power.md has it; strict with five trials since the last promotion. */
export const gateRates = {
  simple: { falsePromotions: 0.384, powerOneYear: 0.952, powerFiveYears: 0.988 },
  balanced: { falsePromotions: 0.032, powerOneYear: 0.428, powerFiveYears: 0.92 },
  strict: { falsePromotions: 0.004, powerOneYear: 0.144, powerFiveYears: 0.828 },
} as const satisfies Record<GateProfile, GateRates>;
