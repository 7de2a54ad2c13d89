interface GainsAndLosses {
  readonly gains: number;
  readonly losses: number;
  readonly winners: number;
  readonly losers: number;
}

const gainsAndLosses = (returns: Float64Array): GainsAndLosses => {
  let [gains, losses, winners, losers] = [0, 0, 0, 0];
  for (const value of returns) {
    if (value > 0) [gains, winners] = [gains + value, winners + 1];
    else if (value < 0) [losses, losers] = [losses - value, losers + 1];
  }
  return { gains, losses, winners, losers };
};

/** Share of gains among the returns (or trades) that are not zero; NaN without any. */
export const winRate = (returns: Float64Array): number => {
  const { winners, losers } = gainsAndLosses(returns);
  return winners / (winners + losers);
};

/** Sum of gains over sum of losses; Infinity without losses, NaN without either. Equals omega at threshold 0. */
export const profitFactor = (returns: Float64Array): number => {
  const { gains, losses } = gainsAndLosses(returns);
  return gains / losses;
};

/** Average gain over average loss; NaN without either. */
export const payoff = (returns: Float64Array): number => {
  const { gains, losses, winners, losers } = gainsAndLosses(returns);
  return gains / winners / (losses / losers);
};
