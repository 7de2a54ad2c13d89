import type { HealthCheck } from '../check.js';

/** A figure that is no finite number: at once a fault, for every weight is lost with the next step. */
export const notANumber: HealthCheck = {
  initial: [],
  observe(state, figures) {
    const broken = Object.entries(figures).find(([, value]) => !Number.isFinite(value));
    return { state, fault: broken === undefined ? null : { figure: broken[0], value: broken[1], expected: 'a finite number' } };
  },
};
