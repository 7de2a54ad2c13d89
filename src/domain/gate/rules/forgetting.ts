import { hold, pass, reject } from '../finding.js';
import type { GateRule } from '../types.js';
import { percent } from '../wording.js';

/** What production earns in its good windows is not shown to be given up, beyond `maxForgetting` of it. */
export const forgetting: GateRule = ({ forgetting }, { maxForgetting }) => {
  const reason = `Shown loss on production's good windows is ${percent(forgetting)}; at most ${percent(maxForgetting)} is allowed.`;
  const measured = { value: forgetting, bound: maxForgetting, reason };
  if (forgetting === null) return hold(measured);
  return forgetting <= maxForgetting ? pass(measured) : reject(measured);
};
