/** Every choice of `size` of the numbers below `count`, each ascending, in lexical order. */
export const combinations = (count: number, size: number, first = 0): number[][] => {
  if (size === 0) return [[]];
  const chosen: number[][] = [];
  for (let next = first; next <= count - size; next++)
    for (const rest of combinations(count, size - 1, next + 1)) chosen.push([next, ...rest]);
  return chosen;
};

/** How many choices there are: C(count, size). */
export const binomial = (count: number, size: number): number => {
  let product = 1;
  for (let i = 1; i <= size; i++) product = (product * (count - size + i)) / i;
  return Math.round(product);
};
