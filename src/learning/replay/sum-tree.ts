/** Weights by index, whose total and prefix search cost O(log n). A node is always the sum of its children, so equal leaves give equal bits. */
export interface SumTree {
  readonly capacity: number;
  total(): number;
  get(index: number): number;
  /** Throws `RangeError` for an index outside the tree or a weight that is negative or not finite. */
  set(index: number, weight: number): void;
  /** The index i with sum(0..i-1) <= prefix < sum(0..i); always one of positive weight while any is. */
  find(prefix: number): number;
  /** The weights of indices 0 to `count` - 1, as a copy. */
  weights(count: number): Float64Array;
  /** Replaces all weights, those beyond the given ones by 0. */
  load(weights: Float64Array): void;
}

/** A sum tree for indices 0 to `capacity` - 1, all of weight 0. */
export const createSumTree = (capacity: number): SumTree => {
  const leaves = 2 ** Math.ceil(Math.log2(capacity));
  const nodes = new Float64Array(2 * leaves);
  return {
    capacity,
    total: () => nodes[1]!,
    get: (index) => nodes[leaves + index]!,
    set(index, weight) {
      if (!(index >= 0 && index < capacity && weight >= 0 && weight < Infinity))
        throw new RangeError(
          `cannot give index ${index} the weight ${weight}: expected an index below ${capacity} and a finite weight >= 0`,
        );
      let node = leaves + index;
      nodes[node] = weight;
      while (node > 1) {
        node >>= 1;
        nodes[node] = nodes[2 * node]! + nodes[2 * node + 1]!;
      }
    },
    find(prefix) {
      let rest = prefix;
      let node = 1;
      while (node < leaves) {
        const left = nodes[2 * node]!;
        // Rounding may leave a rest where nothing is left to find: an empty half is never entered.
        if (rest < left || nodes[2 * node + 1] === 0) node = 2 * node;
        else {
          rest -= left;
          node = 2 * node + 1;
        }
      }
      return node - leaves;
    },
    weights: (count) => nodes.slice(leaves, leaves + count),
    load(weights) {
      if (weights.length > capacity) throw new RangeError(`${weights.length} weights do not fit into a tree of ${capacity}`);
      nodes.fill(0);
      nodes.set(weights, leaves);
      for (let node = leaves - 1; node >= 1; node--) nodes[node] = nodes[2 * node]! + nodes[2 * node + 1]!;
    },
  };
};
