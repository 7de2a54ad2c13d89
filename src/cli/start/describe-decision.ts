import Table from 'cli-table3';
import type { LiveVersion } from '../../domain/training/run-steps.js';
import type { GateDecision } from '../../domain/gate/types.js';
import { figure } from '../terminal/figures.js';
import type { Style } from '../terminal/style.js';
import type { FollowedEnd } from './follow-trainings.js';

/** A decision as a person reads it: verdict, the gate's rules with number and bound, why. */
export const describeDecision = ({ instrument, outcome, run, decision }: FollowedEnd, style: Style): string[] => {
  const gate = run?.decision ?? null;
  const verdict = decision?.verdict ?? gate?.verdict ?? 'none';
  const simulated = run?.dataset?.simulated === true ? ' (simulated)' : '';
  const rules = gate === null ? [] : ['', rulesTable(gate, style), ...failures(gate)];
  return [
    `${style.bold(`Decision on ${instrument}${simulated}: `)}${paint(verdict, style)}  ${style.dim(`${outcome.runId}, version ${decision?.version ?? 'none'}`)}`,
    outcome.summary,
    ...rules,
  ];
};

/** What the decision has led to. */
export const describeLive = (live: LiveVersion | null, buckets: readonly string[]): string => {
  if (buckets.length > 0)
    return `Each bucket has a production of its own: \`ratchet champion --bucket NAME\`, and decisions with \`?bucket=NAME\` (${buckets.join(', ')}).`;
  if (live === null) return 'Nothing is served yet.';
  return live.role === 'production' ? `${live.version} is in production.` : `${live.version} answers as baseline: unproven, it acts flat.`;
};

/** A command that asks the served model for a decision, with the request in a file. */
export const curlCommand = (api: string, instrument: string, request: string): string =>
  `curl -s -X POST "${api}/api/v1/instruments/${instrument}/decision" -H "content-type: application/json" --data "@${request}"`;

const rulesTable = ({ rules }: GateDecision, style: Style): string => {
  const table = new Table({
    head: ['rule', '', 'value', 'bound'],
    colAligns: ['left', 'left', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { rule, passed, binding, value, bound } of rules)
    table.push([
      binding ? rule : style.dim(`${rule} (not asked)`),
      passed ? style.green('✓') : style.red('✗'),
      figure(value),
      figure(bound),
    ]);
  return table.toString();
};

const failures = ({ rules }: GateDecision): string[] =>
  rules.filter(({ passed, binding }) => binding && !passed).map(({ rule, reason }) => `  ${rule}: ${reason}`);

const paint = (verdict: string, style: Style): string => {
  if (verdict === 'PROMOTE') return style.green(verdict);
  return verdict === 'HOLD' ? style.yellow(verdict) : style.red(verdict);
};
