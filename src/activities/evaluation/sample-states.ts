import type { BarRange } from '../../domain/market/bars.js';
import type { ModelBundle } from '../../domain/model/model.js';
import { observationSize, PRIVATE_STATE } from '../../domain/agent/observation.js';
import { cashShareInput, horizonInput } from '../../domain/agent/private-state.js';
import { writeObservation, type FeatureMatrix } from '../../learning/observation.js';

const STATES = 200;

/** States of a flat account at bars spread over the sessions, row-major: what the policy server would be asked on these days. */
export const sampleStates = (bundle: ModelBundle, matrix: FeatureMatrix, sessions: readonly BarRange[]): Float32Array => {
  const { lookback } = bundle.observation;
  const size = observationSize(bundle.observation);
  const bars = sessions.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));
  const count = Math.min(STATES, bars.length);
  const { cash } = bundle.environment;
  const flat = Float32Array.of(0, cashShareInput(0, cash, cash), 0.5, horizonInput(bundle.horizon));
  if (flat.length !== PRIVATE_STATE.length) throw new RangeError(`a private state has ${PRIVATE_STATE.length} numbers, not ${flat.length}`);
  const states = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const bar = bars[Math.floor((i * bars.length) / count)] ?? 0;
    writeObservation(matrix, lookback, bar, flat, 0, states, i * size);
  }
  return states;
};
