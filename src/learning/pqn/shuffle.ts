import type { RandomStream } from '../../domain/ports.js';

/** Writes 0 to length - 1 into the array in an order of the stream's (Fisher & Yates 1938), whatever it held. */
export const shuffle = (order: Int32Array, random: RandomStream): void => {
  for (let i = 0; i < order.length; i++) {
    const other = random.integer(i + 1);
    order[i] = order[other]!;
    order[other] = i;
  }
};
