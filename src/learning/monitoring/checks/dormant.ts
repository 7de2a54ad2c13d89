import type { HealthCheck } from '../check.js';

/** A layer of which next to nothing is left: at once a fault, for units that say nothing get no gradient and do not wake. */
export const dormant: HealthCheck = {
  initial: [],
  observe(state, { dormantShare }, limits) {
    const collapsed = dormantShare !== undefined && dormantShare > limits.dormantShare;
    const expected = `at most ${limits.dormantShare} of a layer's units`;
    return { state, fault: collapsed ? { figure: 'dormantShare', value: dormantShare, expected } : null };
  },
};
