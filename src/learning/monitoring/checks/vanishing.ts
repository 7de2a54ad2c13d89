import { againstUsual } from './usual.js';

/** Gradients that die: the loss stays, and nothing is learned from it. */
export const vanishing = againstUsual({
  figure: 'gradientNorm',
  memory: 0.999,
  isBad: (norm, usual, limits) => usual !== null && norm < limits.vanishing * usual,
  expected: (usual, limits) => `at least ${limits.vanishing} of the usual ${usual.toPrecision(3)}`,
});
