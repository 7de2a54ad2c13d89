import { hold, pass, reject } from '../finding.js';
import type { GateRule } from '../types.js';
import { decimal, percent } from '../wording.js';

/** Above this share of one joint action a policy has collapsed: it does not decide any more. */
const COLLAPSED_SHARE = 0.999;

/** The candidate loads in the policy server, answers with finite numbers within `servingLatencyMs` (p99 after warm-up), and has not collapsed to one action. */
export const servable: GateRule = ({ servable }, { servingLatencyMs }) => {
  const { loads, finite, commonestActionShare, p99LatencyMs } = servable;
  const measured = (reason: string) => ({ value: p99LatencyMs, bound: servingLatencyMs, reason });
  if (!loads) return reject(measured('The model does not load in the policy server.'));
  if (!finite) return reject(measured('The model answers with numbers that are not finite.'));
  if (!(commonestActionShare <= COLLAPSED_SHARE))
    return reject(measured(`The policy has collapsed: ${percent(commonestActionShare)} of its actions are one and the same.`));
  if (p99LatencyMs === null) return hold(measured('The latency of an answer was not measured.'));
  const reason = `99 of 100 answers take at most ${decimal(p99LatencyMs)} ms; ${decimal(servingLatencyMs)} ms is allowed.`;
  return p99LatencyMs <= servingLatencyMs ? pass(measured(reason)) : reject(measured(reason));
};
