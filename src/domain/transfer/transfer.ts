import type { TransferSource } from '../sequence/bucket-plan.js';
import type { TransferEffect } from './effect.js';
import type { HorizonWeight } from './horizons.js';
import type { TransferKind, TransferSizes } from './plan.js';

/** Why knowledge is handed on: at a bucket's start, because somebody asks, or from a later bucket back to an earlier one. */
export const transferOccasions = ['initial', 'requested', 'reverse'] as const;
export type TransferOccasion = (typeof transferOccasions)[number];

/** What one model handed on to the training of another, or why it did not. */
export interface Transfer {
  /** The training that was to take it over. */
  readonly run: string;
  readonly instrument: string;
  readonly from: TransferSource;
  /** The bucket that is trained. */
  readonly to: string;
  readonly occasion: TransferOccasion;
  readonly kinds: readonly TransferKind[];
  /** Why lighter kinds were handed on than were asked for; null where none were left out. */
  readonly fallback: string | null;
  readonly sizes: TransferSizes;
  /** The source's effective horizons; empty where none were measured. */
  readonly horizons: readonly HorizonWeight[];
  /** Environment steps after which the source teaches anew (periodic transfer); null where it does so once at most. */
  readonly repeatEvery: number | null;
  readonly effect: TransferEffect;
  readonly verdict: TransferVerdict;
}

/** Whether the knowledge is used, and why. */
export interface TransferVerdict {
  readonly used: boolean;
  readonly reason: string;
}

/**
 * Whether a transfer with this effect is used. One in training order is, unless it was shown to harm; one backwards only when it was shown to help.
 * Shown is what the whole 95 % interval of the gain says.
 */
export const judgeTransfer = (occasion: TransferOccasion, effect: TransferEffect): TransferVerdict => {
  if (!effect.measured) {
    const used = occasion !== 'reverse';
    return { used, reason: used ? `unmeasured: ${effect.reason}` : `backwards only what was shown to help, and ${effect.reason}` };
  }
  const { lower, upper } = effect.gain;
  if (upper < 0) return { used: false, reason: `it harms on the sessions held back: a gain of ${interval(effect)}` };
  if (lower > 0) return { used: true, reason: `it helps on the sessions held back: a gain of ${interval(effect)}` };
  const used = occasion !== 'reverse';
  return { used, reason: `neither help nor harm was shown on the sessions held back: a gain of ${interval(effect)}` };
};

const interval = ({ gain, seeds }: Extract<TransferEffect, { measured: true }>): string =>
  `${percent(gain.estimate)} of cash, 95 % from ${percent(gain.lower)} to ${percent(gain.upper)}, over ${seeds} seeds`;

/** A share as a signed percentage. */
export const percent = (share: number): string => `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(3)} %`;
