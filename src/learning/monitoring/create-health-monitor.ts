import { restoreColumns, type Columns } from '../columns.js';
import { healthLimits, type Fault, type Figures, type HealthCheck, type HealthLimits } from './check.js';
import { healthChecks } from './checks.js';

/** A fault with the check that found it. */
export interface HealthFinding extends Fault {
  readonly check: string;
}

export interface HealthMonitorOptions {
  /** By name; `healthChecks` unless given. */
  readonly checks?: Readonly<Record<string, HealthCheck>>;
  /** In place of those of `healthLimits`. */
  readonly limits?: Partial<HealthLimits>;
}

/** Watches a training. Its whole memory is in `state`, so that a resumed training finds what an undisturbed one finds. */
export interface HealthMonitor {
  /** Takes the figures of a step, or of a look at the network; returns the first fault, in the order of the checks, or null. */
  observe(figures: Figures): HealthFinding | null;
  /** As views that hold until the next `observe`. */
  state(): Columns;
  /** Throws `RangeError` for the state of other checks. */
  restore(state: Columns): void;
}

export const createHealthMonitor = ({ checks = healthChecks, limits: changed = {} }: HealthMonitorOptions = {}): HealthMonitor => {
  const limits = { ...healthLimits, ...changed };
  const watched = Object.entries(checks).map(([name, check]) => ({ name, check, state: Float64Array.from(check.initial) }));
  const columns = (): Columns => Object.fromEntries(watched.map(({ name, state }) => [name, state]));
  return {
    observe(figures) {
      let found: HealthFinding | null = null;
      for (const { name, check, state } of watched) {
        const seen = check.observe(Array.from(state), figures, limits);
        state.set(seen.state);
        if (seen.fault !== null) found ??= { check: name, ...seen.fault };
      }
      return found;
    },
    state: columns,
    restore: (state) => restoreColumns(columns(), state),
  };
};
