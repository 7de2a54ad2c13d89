import { limitOffsetTicks, targetPosition, type ActionBins } from '../domain/agent/action-codec.js';
import type { QValues } from '../learning/learner.js';
import type { Decision } from './decision.js';

export type Choice = Pick<Decision, 'action' | 'branches' | 'confidence'>;

/** The greedy choice of both branches; the confidence is the product of their softmax masses. */
export const greedyChoice = ({ price, quantity }: QValues, bins: ActionBins): Choice => {
  const priceBin = argmax(price);
  const quantityBin = argmax(quantity);
  return choiceOf(priceBin, quantityBin, softmaxMass(price, priceBin) * softmaxMass(quantity, quantityBin), bins);
};

/** Flat, and as willing to trade as the bins allow. */
export const flatChoice = (bins: ActionBins): Choice => choiceOf(bins.price - 1, (bins.quantity - 1) / 2, 1, bins);

const choiceOf = (priceBin: number, quantityBin: number, confidence: number, bins: ActionBins): Choice => ({
  action: targetPosition(quantityBin, bins),
  branches: {
    price: { bin: priceBin, limitOffsetTicks: limitOffsetTicks(priceBin, bins) },
    quantity: { bin: quantityBin, targetPosition: targetPosition(quantityBin, bins) },
  },
  confidence,
});

/** The first of the largest. */
export const argmax = (values: Float32Array): number =>
  values.reduce((best, value, i) => (value > (values[best] ?? -Infinity) ? i : best), 0);

/** Share of the chosen value in the softmax of all. */
export const softmaxMass = (values: Float32Array, chosen: number): number => {
  const top = values[chosen] ?? NaN;
  return 1 / values.reduce((sum, value) => sum + Math.exp(value - top), 0);
};
