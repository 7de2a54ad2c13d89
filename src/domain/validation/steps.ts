import type { Dataset } from '../market/dataset.js';
import type { TransferPlan } from '../transfer/plan.js';
import type { SplitPlan, ValidationSplit } from './split.js';

/** What the steps of a validation ask of activities and get back: ids and small numbers, never data. */

/** How sessions are divided: forward in time, or in every combination of groups. */
export const validationMethods = ['walk-forward', 'cpcv'] as const;
export type ValidationMethod = (typeof validationMethods)[number];

export interface ValidationPlace {
  readonly validationId: string;
  readonly instrument: string;
  readonly bucket: string;
}

export interface PlanRequest extends ValidationPlace {
  readonly method: ValidationMethod;
}

/** Everything that is fixed before the first split: no later change of settings touches it. */
export interface ValidationPlan extends SplitPlan {
  readonly dataset: Pick<Dataset, 'id' | 'artifact' | 'simulated'>;
  /** Artifact id of the whole configuration. */
  readonly config: string;
  readonly purgeBars: number;
  readonly embargoBars: number;
  readonly periodsPerYear: number;
  /** Close of the first and of the last bar that takes part, ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly trials: number;
  readonly blocks: number;
  readonly parallel: number;
}

export interface SplitRequest extends ValidationPlace {
  /** Names the work of this one execution on disk. */
  readonly key: string;
  readonly dataset: ValidationPlan['dataset'];
  readonly config: string;
  readonly split: ValidationSplit;
  /** 0 for the configured seed, 1 for the next. */
  readonly trial: number;
  readonly periodsPerYear: number;
  /** Artifact id of the bundle that training goes on from; from scratch unless given. */
  readonly parent?: string | null;
  /** What is handed on to the training; nothing unless given. */
  readonly transfer?: TransferPlan;
}

/** What one training showed on the test ranges of its split. */
export interface SplitResult {
  readonly split: string;
  readonly trial: number;
  /** Artifact ids of the model, and of its returns by bar (little-endian float64), test range after test range. */
  readonly bundle: string;
  readonly returns: string;
  /** Bars of each test range that have a return. */
  readonly bars: readonly number[];
  /** Annualised; null where it is not defined. */
  readonly sharpe: number | null;
  readonly totalReturn: number;
  readonly maxDrawdown: number;
  readonly trades: number;
}

export interface ConclusionRequest extends ValidationPlace {
  readonly key: string;
  readonly method: ValidationMethod;
  readonly plan: ValidationPlan;
  readonly results: readonly SplitResult[];
}
