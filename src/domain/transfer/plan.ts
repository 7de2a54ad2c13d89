import type { HorizonWeight } from './horizons.js';

/** What knowledge can be handed on as. */
export const transferKinds = ['weights', 'featureImportance', 'horizons', 'distillation'] as const;
export type TransferKind = (typeof transferKinds)[number];

/** What a training is to take over from a registered model, in words that a workflow can carry. */
export interface TransferPlan {
  /** Artifact id of the source's `ModelBundle`. */
  readonly source: string;
  readonly kinds: readonly TransferKind[];
  /** Of the source, from 0 to 1: in the weights, in the importance of features against equal importance, in the horizons. */
  readonly shares: { readonly weights: number; readonly featureImportance: number; readonly horizons: number };
  /** The source's effective horizons, where they were measured. */
  readonly horizons?: readonly HorizonWeight[];
  /** Environment steps after which a teacher is listened to anew; once unless given. */
  readonly repeatEvery?: number;
}

/** What was taken over. */
export interface TransferOutcome {
  readonly source: string;
  readonly kinds: readonly TransferKind[];
  /** Numbers that each kind handed on. */
  readonly sizes: TransferSizes;
  /** Features that only the target has, and that only the source had. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Numbers that each kind hands on. */
export type TransferSizes = Readonly<Partial<Record<TransferKind, number>>>;
