import { hold, pass, reject } from '../finding.js';
import type { GateRule } from '../types.js';
import { percent } from '../wording.js';

/** The candidate still earns when every cost is multiplied by `costStress`. */
export const costs: GateRule = ({ stressedReturn }, { costStress }) => {
  const measured = {
    value: stressedReturn,
    bound: 0,
    reason: `Return at ${costStress} × costs is ${percent(stressedReturn)}; more than zero is asked for.`,
  };
  if (stressedReturn === null) return hold(measured);
  return stressedReturn > 0 ? pass(measured) : reject(measured);
};
