export interface LambdaReturns {
  readonly lanes: number;
  /** Steps × lanes, as are the following: step t of lane l is at t × lanes + l. */
  readonly reward: Float64Array;
  /** 1 where the episode ended with that step. */
  readonly done: Uint8Array;
  /** (Steps + 1) × lanes: the value of the state that each step starts from, and of those after the last. */
  readonly value: Float64Array;
  readonly gamma: number;
  readonly lambda: number;
}

/**
 * Peng's Q(λ) backwards through a rollout (Gallici et al. 2025, arXiv 2407.04811): G_t = r_t + γ (λ G_{t+1} + (1 - λ) V(s_{t+1})), where the
 * last G is V and an episode's end has neither. Writes steps × lanes returns into `out`.
 */
export const lambdaReturns = ({ lanes, reward, done, value, gamma, lambda }: LambdaReturns, out: Float32Array): void => {
  const size = reward.length;
  if (done.length !== size || out.length !== size || value.length !== size + lanes)
    throw new RangeError(`got ${size} rewards, ${done.length} ends, ${value.length} values and room for ${out.length}: they do not fit`);
  for (let lane = 0; lane < lanes; lane++) {
    let next = value[size + lane]!;
    for (let at = size - lanes + lane; at >= 0; at -= lanes) {
      const later = lambda * next + (1 - lambda) * value[at + lanes]!;
      next = reward[at]! + (done[at] === 1 ? 0 : gamma * later);
      out[at] = next;
    }
  }
};
