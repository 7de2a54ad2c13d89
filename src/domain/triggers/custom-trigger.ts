/** What a user's own trigger is given to decide from. */
export interface CustomTriggerFacts {
  readonly instrument: string;
  /** The version that is live; null without one. */
  readonly production: { readonly version: string; readonly role: string; readonly liveSince: string } | null;
  /** What became of the newest versions, newest first. */
  readonly metrics: readonly {
    readonly version: string;
    readonly registeredAt: string;
    readonly metrics: Readonly<Record<string, unknown>>;
  }[];
}

/** What the process of a custom trigger is told. */
export interface CustomTriggerOrder {
  /** The compiled module, absolute. */
  readonly module: string;
  readonly facts: CustomTriggerFacts;
}

/** What it answers: a reason to train, null for none, or what went wrong. */
export type CustomTriggerAnswer = { readonly reason: string | null } | { readonly failed: string };
