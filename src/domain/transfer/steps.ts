import type { BarRange } from '../market/bars.js';
import type { FrozenDataset, HandedOn, Parent } from '../training/run-steps.js';
import type { SplitResult } from '../validation/steps.js';
import type { HorizonWeight } from './horizons.js';
import type { TransferKind, TransferPlan, TransferSizes } from './plan.js';

/** What the steps of a transfer ask of activities and get back: ids and small numbers, never data. */

export interface ProposeRequest {
  readonly runId: string;
  readonly instrument: string;
  readonly bucket: string;
  readonly dataset: FrozenDataset;
  readonly source: HandedOn;
  /** What training goes on from; null from scratch. */
  readonly parent: Parent | null;
}

/** What can be handed on, and how its effect can be measured. */
export type Proposal =
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'proposed';
      readonly kinds: readonly TransferKind[];
      readonly fallback: string | null;
      readonly sizes: TransferSizes;
      readonly horizons: readonly HorizonWeight[];
      /** Environment steps after which its teacher is listened to anew; null for once. */
      readonly repeatEvery: number | null;
      readonly trial: TrialPlan | { readonly unmeasured: string };
    };

/** Trainings with and without the transfer, equal in everything else, that are scored on sessions which neither they nor the source learned from. */
export interface TrialPlan {
  /** Artifact id of the whole configuration. */
  readonly config: string;
  readonly plan: TransferPlan;
  readonly training: BarRange;
  readonly validation: BarRange;
  readonly periodsPerYear: number;
  /** Pairs, by seeds that follow `training.seed`. */
  readonly seeds: number;
  /** Trainings under way at once. */
  readonly parallel: number;
}

/** Score of one training of a trial. */
export interface ArmResult extends Pick<SplitResult, 'trial' | 'totalReturn'> {
  readonly transferred: boolean;
}

export interface SettleRequest extends ProposeRequest {
  readonly proposal: Proposal;
  readonly arms: readonly ArmResult[];
}
