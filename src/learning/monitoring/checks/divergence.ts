import { againstUsual } from './usual.js';

/** A loss that runs away: values that feed on themselves. Losses that honest values can have are never a fault, however much larger than before. */
export const divergence = againstUsual({
  figure: 'qLoss',
  memory: 0.999,
  isBad: (loss, usual, limits) => loss > Math.max(limits.plausibleLoss, limits.divergence * (usual ?? 0)),
  expected: (usual, limits) => `at most ${limits.plausibleLoss} or ${limits.divergence} times the usual ${usual.toPrecision(3)}`,
});
