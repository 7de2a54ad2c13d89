import type { ActionBins } from '../../domain/agent/action-codec.js';
import type { PolicyFunction } from './policy.js';

/** Stays in cash: the middle bin of either branch, always. */
export const flatPolicy = ({ price: prices, quantity: quantities }: ActionBins): PolicyFunction => {
  return (_now, price, quantity) => {
    price.fill((prices - 1) / 2);
    quantity.fill((quantities - 1) / 2);
  };
};
