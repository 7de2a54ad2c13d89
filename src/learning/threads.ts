/**
 * How TensorFlow divides that many processors, as its environment variables: they are read when it is loaded. A training step has two or three operations
 * to do at any time, the pass of each network or the two gradients of a layer, and each is small, so that sharing it out costs much of what it gains:
 * half of the processors work within an operation, and as many operations as there are processors may run at once.
 */
export const threadsOf = (processors: number) => ({
  TF_NUM_INTRAOP_THREADS: String(Math.max(1, Math.floor(processors / 2))),
  TF_NUM_INTEROP_THREADS: String(processors),
});
