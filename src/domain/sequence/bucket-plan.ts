import type { TransferKind } from '../transfer/plan.js';
import type { TransferOccasion } from '../transfer/transfer.js';

/** A registered version that knowledge comes from, of the same instrument. */
export interface TransferSource {
  readonly bucket: string;
  /** `v<N>_<YYYYMMDD>_<HHMMSS>`. */
  readonly version: string;
}

/** How one bucket of a sequence is trained; what is not given is as the configuration has it. */
export interface BucketPlan {
  readonly bucket: string;
  readonly episodes?: number;
  /** Bars ahead. */
  readonly horizon?: { readonly shortest: number; readonly longest: number };
  /** Length of a decision bar, such as `1h`. */
  readonly frequency?: string;
  /** Share of the cash that the bucket trades with. */
  readonly capitalAllocation?: number;
  /** Where it starts from: a version of another bucket, or nothing, and then from its own production. */
  readonly source: TransferSource | null;
  /** Why the source hands on what it knows; `initial` unless given. */
  readonly occasion?: TransferOccasion;
  /** What it hands on; as configured unless given. */
  readonly kinds?: readonly TransferKind[];
  /** Why it is next, where the sequence chose. */
  readonly because?: string;
  /** Blends weights also into a network that was trained independently. */
  readonly forced?: boolean;
}
