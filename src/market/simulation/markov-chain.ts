import type { MarketModel } from './market-model.js';

/** Transition probabilities of one minute: row = from, column = to. */
export type MarkovChain = readonly (readonly number[])[];

/** Flow -1, 0, +1 as states 0, 1, 2. */
export const flowChain = ({ flow: { dwellMinutes, neutralMinutes, reversal } }: MarketModel): MarkovChain => {
  const end = 1 / dwellMinutes;
  const begin = 1 / neutralMinutes;
  return [
    [1 - end, end * (1 - reversal), end * reversal],
    [begin / 2, 1 - begin, begin / 2],
    [end * reversal, end * (1 - reversal), 1 - end],
  ];
};

/** Regimes in the model's order; a regime that ends gives way to any other with equal chance. */
export const regimeChain = ({ regimes }: MarketModel): MarkovChain =>
  regimes.map(({ dwellMinutes }, from) =>
    regimes.map((_, to) => {
      if (regimes.length === 1) return 1;
      return to === from ? 1 - 1 / dwellMinutes : 1 / dwellMinutes / (regimes.length - 1);
    }),
  );

/** Both chains as one: state = regime × 3 + flow. */
export const jointChain = (model: MarketModel): MarkovChain => {
  const flow = flowChain(model);
  return regimeChain(model).flatMap((regimeRow) =>
    flow.map((flowRow) => regimeRow.flatMap((regime) => flowRow.map((probability) => regime * probability))),
  );
};

/** Long-run share of each state, by squaring the transition matrix until all rows agree. */
export const stationary = (chain: MarkovChain): readonly number[] => {
  let power = chain;
  for (let doubling = 0; doubling < 40; doubling++)
    power = power.map((row) => row.map((_, to) => row.reduce((sum, probability, via) => sum + probability * power[via]![to]!, 0)));
  const total = power[0]!.reduce((sum, share) => sum + share, 0);
  return power[0]!.map((share) => share / total);
};

/** The state that follows, or the first state when `row` is a distribution, for a uniform number in [0, 1). */
export const draw = (row: readonly number[], uniform: number): number => {
  let rest = uniform;
  for (let state = 0; state < row.length - 1; state++) {
    rest -= row[state]!;
    if (rest < 0) return state;
  }
  return row.length - 1;
};
