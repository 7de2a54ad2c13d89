import type { Environment } from '../../config/environment.js';

/** What is known about one part that Ratchet needs. */
export interface Finding {
  readonly part: string;
  readonly version: string | null;
  /** Which one is used and where it comes from. */
  readonly origin: string;
  /** `warning` runs, but worse than it could. */
  readonly health: 'healthy' | 'warning' | 'broken';
  /** What is wrong and what to do; null when nothing is. */
  readonly advice: string | null;
}

/** Looks at one part; what goes wrong is a finding, never an error. */
export type Check = (environment: Environment) => Promise<Finding>;

export const healthy = (part: string, version: string | null, origin: string): Finding => ({
  part,
  version,
  origin,
  health: 'healthy',
  advice: null,
});

export const broken = (part: string, origin: string, advice: string): Finding => ({
  part,
  version: null,
  origin,
  health: 'broken',
  advice,
});
