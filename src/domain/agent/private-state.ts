/** Logarithm of the longest horizon, 4,096 bars, which is fed as 1. */
const LOG_LONGEST = 12;

/** Position as a fraction of the largest: notional held over `maxPosition` × `cash`. */
export const positionInput = (notional: number, cash: number, maxPosition: number): number => notional / (maxPosition * cash);

/** Share of the capital that is free: equity without the notional held, long or short, over `cash`. */
export const cashShareInput = (notional: number, equity: number, cash: number): number => (equity - Math.abs(notional)) / cash;

/** Share of the session's time left at `time`, 1 at its open and 0 at its last close; all in epoch milliseconds. */
export const timeLeftInput = (time: number, open: number, lastClose: number): number => (lastClose - time) / (lastClose - open);

/** Horizon in bars on a logarithmic scale: 1 bar is 0, 4,096 bars are 1. */
export const horizonInput = (bars: number): number => Math.log2(Math.max(1, bars)) / LOG_LONGEST;

/** The horizon, in bars, that `horizonInput` gave a value for, also after rounding to 32 bits. */
export const horizonOfInput = (value: number): number => Math.round(2 ** (value * LOG_LONGEST));
