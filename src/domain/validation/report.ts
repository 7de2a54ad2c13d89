import type { SplitResult, ValidationMethod, ValidationPlace, ValidationPlan } from './steps.js';

/** One way through the whole of time that was judged, each part by a model that was not trained on it. */
export interface PathScore {
  readonly path: number;
  readonly trial: number;
  readonly bars: number;
  /** Annualised; null where it is not defined. */
  readonly sharpe: number | null;
  readonly totalReturn: number;
  readonly maxDrawdown: number;
}

/** Sharpe ratios of all paths and trials that have one. */
export interface SharpeDistribution {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number | null;
  readonly lowest: number;
  readonly quartiles: readonly [number, number, number];
  readonly highest: number;
  /** Share of those that are not above zero. */
  readonly notPositive: number;
}

/** What a validation found; plain JSON. */
export interface ValidationReport extends ValidationPlace, Pick<ValidationPlan, 'from' | 'to' | 'purgeBars' | 'embargoBars' | 'trials'> {
  readonly method: ValidationMethod;
  readonly dataset: string;
  readonly groups: number;
  readonly splits: readonly SplitResult[];
  readonly paths: readonly PathScore[];
  /** Null when no path has a Sharpe ratio. */
  readonly sharpe: SharpeDistribution | null;
  /** Of the splits' Sharpe ratios over seeds, with the 95 % interval of a bootstrap over seeds within splits; null when one has none. */
  readonly interquartileMean: {
    readonly value: number;
    readonly lower: number;
    readonly upper: number;
    readonly confidence: number;
  } | null;
  /** That the best of the trials on one half of a history is no better than the median on the other, mean over the paths; null for a single trial. */
  readonly overfitting: { readonly probability: number; readonly lossProbability: number; readonly combinations: number } | null;
}

/** A concluded validation: the report, and the artifact that holds it. */
export interface ValidationResult {
  readonly artifact: string;
  readonly report: ValidationReport;
}
