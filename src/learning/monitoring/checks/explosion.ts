import { againstUsual } from './usual.js';

/** Gradients that grow beyond all measure: clipping bounds a step, but its direction is then that of a few samples. */
export const explosion = againstUsual({
  figure: 'gradientNorm',
  memory: 0.99,
  isBad: (norm, usual, limits) => usual !== null && norm > limits.explosion * usual,
  expected: (usual, limits) => `at most ${limits.explosion} times the usual ${usual.toPrecision(3)}`,
});
