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
}

/** What was taken over. */
export interface TransferOutcome {
  readonly source: string;
  readonly kinds: readonly TransferKind[];
  /** Numbers that each kind handed on. */
  readonly sizes: Readonly<Partial<Record<TransferKind, number>>>;
  /** Features that only the target has, and that only the source had. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}
