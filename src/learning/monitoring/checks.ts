import type { HealthCheck } from './check.js';
import { divergence } from './checks/divergence.js';
import { dormant } from './checks/dormant.js';
import { explosion } from './checks/explosion.js';
import { notANumber } from './checks/not-a-number.js';
import { vanishing } from './checks/vanishing.js';

/** Every health check by name, the gravest first. To add one, a file and a line here. */
export const healthChecks = { notANumber, divergence, explosion, vanishing, dormant } as const satisfies Readonly<
  Record<string, HealthCheck>
>;
