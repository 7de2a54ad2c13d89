/** Mean traded notional per bar as a fraction of cash. `traded` is the notional traded in each bar over cash; 0 for none. */
export const turnover = (traded: Float64Array): number => {
  let sum = 0;
  for (const notional of traded) sum += notional;
  return traded.length === 0 ? 0 : sum / traded.length;
};

/** Share of bars that ended with a position, of either sign. `position` is the position after each bar; 0 for none. */
export const exposure = (position: Float64Array): number => {
  let bars = 0;
  for (const held of position) if (held !== 0) bars++;
  return position.length === 0 ? 0 : bars / position.length;
};
