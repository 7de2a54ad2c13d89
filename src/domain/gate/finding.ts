import type { RuleFinding } from './types.js';

type Measured = Pick<RuleFinding, 'value' | 'bound' | 'reason'>;

/** The rule is satisfied. */
export const pass = (measured: Measured): RuleFinding => ({ verdict: 'PROMOTE', ...measured, barsNeeded: null });

/** Too little evidence; `barsNeeded` more bars would settle it, if a number can be named. */
export const hold = (measured: Measured, barsNeeded: number | null = null): RuleFinding => ({ verdict: 'HOLD', ...measured, barsNeeded });

/** Shown worse, or unsafe. */
export const reject = (measured: Measured): RuleFinding => ({ verdict: 'REJECT', ...measured, barsNeeded: null });
