import { writeObservation } from '../../../src/learning/observation.js';
import type { LearnerOptions } from '../../../src/learning/create-learner.js';
import type { Batch, NamedTensor } from '../../../src/learning/learner.js';

/** Parameters by name, in double precision; a weight is [inputs][outputs]. */
export type Parameters = Readonly<Record<string, Float64Array>>;

export const parametersOf = (state: readonly NamedTensor[], group: string): Record<string, Float64Array> =>
  Object.fromEntries(
    state.filter(({ name }) => name.startsWith(group)).map(({ name, values }) => [name.slice(group.length), Float64Array.from(values)]),
  );

/** Independent of the product's code: a dense stack `name/0`, `name/1` … with ReLU (after the norm, where there is one) after each layer, or after all but the last. */
const stack = (parameters: Parameters, name: string, input: Float64Array, reluLast: boolean): Float64Array => {
  let x = input;
  for (let layer = 0; parameters[`${name}/${layer}/bias`] !== undefined; layer++) {
    const weight = parameters[`${name}/${layer}/weight`]!;
    const bias = parameters[`${name}/${layer}/bias`]!;
    const last = parameters[`${name}/${layer + 1}/bias`] === undefined;
    const y = bias.map((b, output) => x.reduce((sum, value, i) => sum + value * weight[i * bias.length + output]!, b));
    const z = normalised(y, parameters[`${name}/${layer}/gain`], parameters[`${name}/${layer}/shift`]);
    x = last && !reluLast ? z : z.map((value) => Math.max(0, value));
  }
  return x;
};

const normalised = (y: Float64Array, gain?: Float64Array, shift?: Float64Array): Float64Array => {
  if (gain === undefined || shift === undefined) return y;
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
  return y.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * gain[i]! + shift[i]!);
};

/**
 * What the trunk sees, by the definition of a strided convolution: each kernel meets the rows of its stride one after another, the oldest row being repeated
 * before the others until all strides fit.
 */
const encoded = (parameters: Parameters, observation: Float64Array, lookback: number): Float64Array => {
  const columns = (observation.length - 4) / lookback;
  let rows = Array.from({ length: lookback }, (_, row) => observation.slice(row * columns, (row + 1) * columns));
  const layers: { name: string; stride: number }[] = [];
  for (let width = columns, i = 0; parameters[`encoder/${i}/bias`] !== undefined; i++) {
    const channels = parameters[`encoder/${i}/bias`]!.length;
    layers.push({ name: `encoder/${i}`, stride: parameters[`encoder/${i}/weight`]!.length / channels / width });
    width = channels;
  }
  while (layers.length > 0 && rows.length % layers.reduce((product, { stride }) => product * stride, 1) !== 0) rows = [rows[0]!, ...rows];
  for (const { name, stride } of layers)
    rows = Array.from({ length: rows.length / stride }, (_, patch) => {
      const [weight, bias] = [parameters[`${name}/weight`]!, parameters[`${name}/bias`]!];
      const y = bias.map((b, channel) => {
        let sum = b;
        for (let offset = 0; offset < stride; offset++)
          rows[patch * stride + offset]!.forEach(
            (value, k, row) => (sum += value * weight[(offset * row.length + k) * bias.length + channel]!),
          );
        return sum;
      });
      return normalised(y, parameters[`${name}/gain`], parameters[`${name}/shift`]).map((value) => Math.max(0, value));
    });
  return layers.length === 0
    ? observation
    : Float64Array.from([...rows.flatMap((row) => [...row]), ...observation.slice(lookback * columns)]);
};

/** Q-values (of `quantiles`, bin by bin, as many as value outputs) and predicted volatility of one observation, of so many rows, in double precision. */
export const referenceForward = (parameters: Parameters, observation: Float64Array, lookback = 1) => {
  const features = stack(parameters, 'trunk', encoded(parameters, observation, lookback), true);
  const value = parameters['value/0/bias'] === undefined ? null : stack(parameters, 'value', features, false);
  const dueling = (head: string): Float64Array => {
    const advantage = stack(parameters, head, features, false);
    if (value === null) return advantage;
    const bins = advantage.length / value.length;
    const mean = value.map((_, i) => advantage.reduce((sum, a, at) => (at % value.length === i ? sum + a : sum), 0) / bins);
    return advantage.map((a, at) => value[at % value.length]! + a - mean[at % value.length]!);
  };
  return { price: dueling('price'), quantity: dueling('quantity'), volatility: stack(parameters, 'volatility', features, false)[0]! };
};

/** The state vectors of a batch, as `writeObservation` builds them. */
export const observationsOf = ({ features, lookback }: LearnerOptions, bars: Int32Array, privateState: Float32Array): Float64Array[] =>
  Array.from(bars, (bar, i) => {
    const out = new Float32Array(lookback * features.names.length + 4);
    writeObservation(features, lookback, bar, privateState, i * 4, out, 0);
    return Float64Array.from(out);
  });

/** How many numbers each bin has, and how many of the lowest it is chosen by. */
const countsOf = ({ agent: { quantiles, cvar } }: LearnerOptions) => ({
  count: Math.max(1, quantiles),
  actedOn: Math.max(1, Math.ceil(cvar * quantiles)),
});

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The numbers of one bin. */
const ofBin = (values: Float64Array, bin: number, count: number): Float64Array => values.subarray(bin * count, (bin + 1) * count);

/** The bin whose lowest quantiles have the greatest mean. */
const greedyBin = (values: Float64Array, count: number, actedOn: number): number => {
  const scores = Array.from({ length: values.length / count }, (_, bin) => meanOf(ofBin(values, bin, count).subarray(0, actedOn)));
  return scores.indexOf(Math.max(...scores));
};

/** The shared double-DQN target of each transition, or its quantiles, from its definition. */
export const referenceTargets = (options: LearnerOptions, batch: Batch, online: Parameters, target: Parameters): Float64Array[] => {
  const { count, actedOn } = countsOf(options);
  return observationsOf(options, batch.nextBars, batch.nextPrivateState).map((observation, i) => {
    const choice = referenceForward(online, observation, options.lookback);
    const judged = referenceForward(target, observation, options.lookback);
    const price = ofBin(judged.price, greedyBin(choice.price, count, actedOn), count);
    const quantity = ofBin(judged.quantity, greedyBin(choice.quantity, count, actedOn), count);
    return price.map((value, k) => batch.reward[i]! + (batch.discount[i]! * (value + quantity[k]!)) / 2);
  });
};

/** Loss parts and |TD errors| of a batch against given targets, from their definitions. */
export const referenceLoss = (options: LearnerOptions, batch: Batch, online: Parameters, targets: readonly Float64Array[]) => {
  const { huberDelta, auxiliaryWeight, quantiles } = options.agent;
  const { count } = countsOf(options);
  const huber = (error: number): number => (error <= huberDelta ? error ** 2 / 2 : huberDelta * (error - huberDelta / 2));
  const lossOf = (target: Float64Array, value: Float64Array): number => {
    if (quantiles === 0) return huber(Math.abs(target[0]! - value[0]!));
    let sum = 0;
    value.forEach((theta, k) => {
      for (const y of target) sum += (Math.abs((k + 0.5) / count - (y < theta ? 1 : 0)) * huber(Math.abs(y - theta))) / huberDelta;
    });
    return sum / count ** 2;
  };
  let qLoss = 0;
  let auxiliaryLoss = 0;
  const tdErrors = observationsOf(options, batch.bars, batch.privateState).map((observation, i) => {
    const { price, quantity, volatility } = referenceForward(online, observation, options.lookback);
    const taken = [ofBin(price, batch.price[i]!, count), ofBin(quantity, batch.quantity[i]!, count)];
    for (const value of taken) qLoss += (batch.weight[i]! * lossOf(targets[i]!, value)) / 2 / targets.length;
    auxiliaryLoss += (volatility - batch.volatility[i]!) ** 2 / targets.length;
    return taken.reduce((sum, value) => sum + Math.abs(meanOf(targets[i]!) - meanOf(value)), 0);
  });
  return { loss: qLoss + auxiliaryWeight * auxiliaryLoss, qLoss, auxiliaryLoss, tdErrors };
};

/** Central differences of the loss in every parameter, targets held fixed. */
export const referenceGradients = (
  options: LearnerOptions,
  batch: Batch,
  online: Parameters,
  targets: readonly Float64Array[],
): Parameters =>
  Object.fromEntries(
    Object.entries(online).map(([name, values]) => {
      const lossWith = (i: number, value: number): number => {
        const before = values[i]!;
        values[i] = value;
        const { loss } = referenceLoss(options, batch, online, targets);
        values[i] = before;
        return loss;
      };
      const h = 1e-6;
      return [name, values.map((value, i) => (lossWith(i, value + h) - lossWith(i, value - h)) / (2 * h))];
    }),
  );
