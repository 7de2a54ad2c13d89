import type { Instrument } from '../market/instrument.js';

/** Signed units for a target position in [-1, 1]: that share of `maxPosition` × `cash` at `price`, in whole lots towards zero; 0 where the price is not positive. */
export const targetUnits = (
  target: number,
  price: number,
  { cash, maxPosition }: { readonly cash: number; readonly maxPosition: number },
  { multiplier, lotSize }: Pick<Instrument, 'multiplier' | 'lotSize'>,
): number => (price > 0 ? Math.trunc((target * maxPosition * cash) / (price * multiplier) / lotSize) * lotSize : 0);
