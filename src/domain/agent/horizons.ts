/** How far ahead decisions look, in bars, both ends included. */
export interface HorizonRange {
  readonly shortest: number;
  readonly longest: number;
}

/** The horizon at `quantile`, in [0, 1), of the log-uniform distribution over whole bars: as many short ones as long ones, by ratio. */
export const horizonAt = ({ shortest, longest }: HorizonRange, quantile: number): number =>
  Math.min(longest, Math.floor(shortest * ((longest + 1) / shortest) ** quantile));
