import type { Servability } from '../domain/gate/types.js';
import type { ModelBundle } from '../domain/model/model.js';
import { observationSize } from '../domain/agent/observation.js';
import type { ArtifactStore } from '../domain/ports.js';
import { UnsuitableModel } from '../learning/inference/onnx-network.js';
import type { QValues } from '../learning/learner.js';
import { createRandom } from '../learning/random.js';
import { openNetwork, type OpenedNetwork } from './open-network.js';

const DECISIONS = 500;
/** A machine that is busy with something else slows some rounds, a slow model all of them: the quickest round counts. */
const ROUNDS = 3;
const TOLERANCE = 1e-5;

export interface ServabilityOptions {
  readonly bundle: ModelBundle;
  readonly artifacts: ArtifactStore;
  /** States to decide on, row-major, repeated to 500; seeded noise unless given. */
  readonly states?: Float32Array;
  /** The learner's own Q-values of those states, which the served ones must equal to 1e-5 of the largest. */
  readonly reference?: QValues;
}

/** The exported model does not compute what the learner learned: a defect of the export, not of the candidate. */
export class ExportDiffers extends Error {
  override readonly name = 'ExportDiffers';
  constructor(branch: string, difference: number, largest: number) {
    super(
      `the exported model's ${branch} values differ from the learner's by up to ${difference}: expected at most ${TOLERANCE * largest}`,
    );
  }
}

/**
 * Loads a candidate as the policy server does, warms it up and times single decisions. The commonest action's share comes from the backtest and
 * is not measured here. Throws `ExportDiffers`, what reading an artifact throws, and `RangeError` when `states` hold no whole state.
 */
export const checkServability = async (options: ServabilityOptions): Promise<Omit<Servability, 'commonestActionShare'>> => {
  const size = observationSize(options.bundle.observation);
  const states = options.states ?? noise(size);
  if (states.length === 0 || states.length % size !== 0) throw new RangeError(`${states.length} numbers are not whole states of ${size}`);
  const network = await openNetwork(options.bundle, options.artifacts).catch(nullIfUnsuitable);
  if (network === null) return { loads: false, p99LatencyMs: null, finite: false };
  try {
    if (options.reference !== undefined) requireEqual(await network.answer(states, states.length / size), options.reference);
    return { loads: true, ...(await timeDecisions(network, states, size)) };
  } finally {
    await network.release();
  }
};

/** A store that cannot be read says nothing about the candidate. */
const nullIfUnsuitable = (error: unknown): null => {
  if (error instanceof UnsuitableModel) return null;
  throw error;
};

const timeDecisions = async (
  network: OpenedNetwork,
  states: Float32Array,
  size: number,
): Promise<{ p99LatencyMs: number; finite: boolean }> => {
  let [best, finite] = [Infinity, true];
  for (let round = 0; round < ROUNDS; round++) {
    const timed = await timeRound(network, states, size);
    best = Math.min(best, timed.p99LatencyMs);
    finite &&= timed.finite;
  }
  return { p99LatencyMs: best, finite };
};

const timeRound = async (
  network: OpenedNetwork,
  states: Float32Array,
  size: number,
): Promise<{ p99LatencyMs: number; finite: boolean }> => {
  const latencies = new Float64Array(DECISIONS);
  let finite = true;
  for (let i = 0; i < DECISIONS; i++) {
    const from = (i * size) % states.length;
    const began = performance.now();
    const { price, quantity } = await network.answer(states.slice(from, from + size), 1);
    latencies[i] = performance.now() - began;
    finite &&= price.every(Number.isFinite) && quantity.every(Number.isFinite);
  }
  return { p99LatencyMs: latencies.sort()[Math.ceil(0.99 * DECISIONS) - 1] ?? NaN, finite };
};

const requireEqual = (served: QValues, learned: QValues): void => {
  for (const branch of ['price', 'quantity'] as const) {
    const expected = learned[branch];
    if (expected.length !== served[branch].length)
      throw new RangeError(`the reference has ${expected.length} ${branch} values: expected ${served[branch].length}`);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const difference = served[branch].reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))), 0);
    if (!(difference <= TOLERANCE * largest)) throw new ExportDiffers(branch, difference, largest);
  }
};

const noise = (size: number): Float32Array => {
  const random = createRandom(1, 'servability');
  return Float32Array.from({ length: 64 * size }, () => random.normal());
};
