/** What is done about a fault. */
export interface RemedyPolicy {
  /** Times that a run goes back before it is given up. */
  readonly mostRollbacks: number;
  /** Share of the learning rate that is left after each. */
  readonly rateShare: number;
}

export const remedyPolicy: RemedyPolicy = { mostRollbacks: 3, rateShare: 0.5 };

export type Remedy =
  /** Go on from the last good checkpoint with this share of the configured learning rate. */
  { readonly kind: 'rollBack'; readonly rollbacks: number; readonly rateShare: number } | { readonly kind: 'giveUp' };

/** What follows a fault of a run that went back `rollbacks` times before. */
export const remedyFor = (rollbacks: number, policy: RemedyPolicy = remedyPolicy): Remedy =>
  rollbacks >= policy.mostRollbacks
    ? { kind: 'giveUp' }
    : { kind: 'rollBack', rollbacks: rollbacks + 1, rateShare: policy.rateShare ** (rollbacks + 1) };
