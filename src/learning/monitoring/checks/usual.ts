import type { Fault, HealthCheck, HealthLimits } from '../check.js';

interface AgainstUsual {
  /** The figure that is watched. */
  readonly figure: string;
  /** Weight of the past in what is usual. */
  readonly memory: number;
  /** Whether a value is bad, given the usual one (a geometric mean; null before the warm-up is over). */
  readonly isBad: (value: number, usual: number | null, limits: HealthLimits) => boolean;
  readonly expected: (usual: number, limits: HealthLimits) => string;
}

/**
 * A check of one positive figure against what is usual for it: a fault once bad steps outnumber good ones by `patience`, so that no single
 * batch is one, and a lasting change is found within `patience` steps. Bad steps are no part of what is usual.
 */
export const againstUsual = ({ figure, memory, isBad, expected }: AgainstUsual): HealthCheck => ({
  initial: [0, 0, 0],
  observe(state, figures, limits) {
    const [seen = 0, logUsual = 0, balance = 0] = state;
    const value = figures[figure];
    if (value === undefined || Number.isNaN(value)) return { state, fault: null };
    const usual = seen < limits.warmUp ? null : Math.exp(logUsual);
    if (isBad(value, usual, limits)) {
      const fault: Fault | null =
        balance + 1 >= limits.patience ? { figure, value, expected: expected(usual ?? Math.exp(logUsual), limits) } : null;
      return { state: [seen, logUsual, balance + 1], fault };
    }
    const log = Math.log(Math.max(value, Number.MIN_VALUE));
    const weight = Math.max(1 - memory, 1 / (seen + 1));
    return { state: [seen + 1, logUsual + weight * (log - logUsual), Math.max(0, balance - 1)], fault: null };
  },
});
