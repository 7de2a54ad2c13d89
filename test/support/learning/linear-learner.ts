import type { ActionBins } from '../../../src/domain/agent/action-codec.js';
import type { Batch, Learner, NamedTensor } from '../../../src/learning/learner.js';
import { createRandom } from '../../../src/learning/random.js';

export interface LinearLearnerOptions {
  readonly bins: ActionBins;
  readonly actBatch: number;
  readonly batchSize: number;
  readonly seed?: number;
  /** Feature values by bar, one a bar. */
  readonly feature?: Float32Array;
  readonly learningRate?: number;
}

const INPUTS = 6;

/** A learner that is linear in one feature, the private state and a constant: real Q-learning with a target net and momentum, in plain JavaScript. */
export const createLinearLearner = ({
  bins,
  actBatch,
  batchSize,
  seed = 1,
  feature,
  learningRate = 0.01,
}: LinearLearnerOptions): Learner => {
  const random = createRandom(seed, 'weights');
  const rows = bins.price + bins.quantity;
  const tensor = (name: string, values: Float32Array): NamedTensor => ({ name, shape: [rows, INPUTS], values });
  const online = Float32Array.from({ length: rows * INPUTS }, () => random.normal() * 0.01);
  const target = online.slice();
  const momentum = new Float32Array(rows * INPUTS);
  const input = new Float32Array(INPUTS);
  const tdErrors = new Float32Array(batchSize);
  const outputs = { price: new Float32Array(actBatch * bins.price), quantity: new Float32Array(actBatch * bins.quantity) };

  const look = (bar: number, privateState: Float32Array, row: number): void => {
    input[0] = 1;
    input[1] = feature?.[bar] ?? 0;
    input.set(privateState.subarray(row * 4, row * 4 + 4), 2);
  };
  const value = (weights: Float32Array, bin: number): number => {
    let sum = 0;
    for (let i = 0; i < INPUTS; i++) sum += weights[bin * INPUTS + i]! * input[i]!;
    return sum;
  };
  const best = (from: number, count: number): number => {
    let chosen = from;
    for (let bin = from; bin < from + count; bin++) if (value(online, bin) > value(online, chosen)) chosen = bin;
    return chosen;
  };

  const learnRow = (batch: Batch, row: number): number => {
    look(batch.nextBars[row]!, batch.nextPrivateState, row);
    const future = (value(target, best(0, bins.price)) + value(target, best(bins.price, bins.quantity))) / 2;
    const wanted = batch.reward[row]! + batch.discount[row]! * future;
    look(batch.bars[row]!, batch.privateState, row);
    const chosen = [batch.price[row]!, bins.price + batch.quantity[row]!];
    let total = 0;
    for (const bin of chosen) {
      const error = wanted - value(online, bin);
      total += Math.abs(error);
      const slope = Math.max(-1, Math.min(1, error)) * batch.weight[row]!;
      for (let i = 0; i < INPUTS; i++) {
        const at = bin * INPUTS + i;
        momentum[at] = 0.9 * momentum[at]! + 0.1 * slope * input[i]!;
        online[at]! += learningRate * momentum[at];
      }
    }
    return total;
  };

  return {
    backend: 'eager',
    act(bars, privateState) {
      bars.forEach((bar, row) => {
        look(bar, privateState, row);
        for (let bin = 0; bin < bins.price; bin++) outputs.price[row * bins.price + bin] = value(online, bin);
        for (let bin = 0; bin < bins.quantity; bin++) outputs.quantity[row * bins.quantity + bin] = value(online, bins.price + bin);
      });
      return outputs;
    },
    step(batch) {
      let loss = 0;
      for (let row = 0; row < batchSize; row++) loss += tdErrors[row] = learnRow(batch, row);
      for (let i = 0; i < target.length; i++) target[i]! += 0.01 * (online[i]! - target[i]!);
      return { loss: loss / batchSize, qLoss: loss / batchSize, auxiliaryLoss: 0, gradientNorm: loss / batchSize, tdErrors };
    },
    inspect: () => ({ activity: [], norms: { linear: Math.hypot(...online) } }),
    recycle: () => 0,
    state: () => [
      tensor('online/linear', online.slice()),
      tensor('target/linear', target.slice()),
      tensor('adam/m/linear', momentum.slice()),
    ],
    load(state) {
      for (const [name, into] of [
        ['online', online],
        ['target', target],
        ['adam/m', momentum],
      ] as const) {
        const saved = state.find((candidate) => candidate.name === `${name}/linear`);
        if (saved?.values.length !== into.length) throw new RangeError(`tensor ${name}/linear is missing or of another size`);
        into.set(saved.values);
      }
    },
    dispose: () => undefined,
  };
};
