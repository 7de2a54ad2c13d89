/** The model that answers for an instrument and bucket: proven (`production`) or merely the first one there is (`baseline`). */
export interface LiveModel {
  readonly instrument: string;
  readonly bucket: string;
  /** Name of the registered version. */
  readonly version: string;
  readonly role: ProductionRole;
  /** Artifact id of the `ModelBundle`. */
  readonly bundle: string;
  /** ISO 8601: when it was registered, and since when it is live. */
  readonly registeredAt: string;
  readonly liveSince: string;
  /** Since when it is too old, and acts flat, as the registry noted it; null while it is not. */
  readonly expiredAt: string | null;
}

export type ProductionRole = 'production' | 'baseline';
