import type { Servability } from '../domain/gate/types.js';
import type { ArtifactStore } from '../domain/ports.js';
import type { LiveModel } from '../domain/production.js';
import { observationSize } from '../domain/observation.js';
import { openLivePolicy } from './live-policy.js';

const DECISIONS = 200;

/**
 * Loads a candidate as the policy server would and times single decisions on the given states (row-major, as many as there are; repeated to
 * 200). The commonest action's share comes from the backtest and is not measured here.
 */
export const checkServability = async (
  candidate: LiveModel,
  states: Float32Array,
  artifacts: ArtifactStore,
): Promise<Omit<Servability, 'commonestActionShare'>> => {
  const policy = await openLivePolicy(candidate, artifacts).catch(() => null);
  if (policy === null) return { loads: false, p99LatencyMs: null, finite: false };
  try {
    const size = observationSize(policy.bundle.observation);
    const count = Math.floor(states.length / size);
    if (count === 0) throw new RangeError(`${states.length} numbers hold no state of ${size}`);
    const latencies: number[] = [];
    let finite = true;
    for (let i = 0; i < DECISIONS; i++) {
      const from = (i % count) * size;
      const began = performance.now();
      const { price, quantity } = await policy.answer(states.slice(from, from + size));
      latencies.push(performance.now() - began);
      finite &&= price.every(Number.isFinite) && quantity.every(Number.isFinite);
    }
    return { loads: true, p99LatencyMs: percentile(latencies, 0.99), finite };
  } finally {
    await policy.retire();
  }
};

const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
};
