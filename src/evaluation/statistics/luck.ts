import type { LuckInputs } from '../../domain/gate/types.js';
import { moments } from '../metrics/moments.js';
import { deflatedSharpe, expectedMaximumSharpe, minimumTrackRecord, sharpeSample } from '../metrics/probabilistic-sharpe.js';
import { finiteOrNull } from '../policy-score.js';

/** The candidate's competition: everything that was ever scored and could have been promoted instead. */
export interface Trials {
  /** Effective number of independent trials since the last promotion, the candidate included. */
  readonly count: number;
  /** Their Sharpe ratios per bar, as far as they are comparable. */
  readonly sharpes: readonly number[];
}

export interface Luck {
  readonly dsr: number | null;
  readonly inputs: LuckInputs;
  /** Bars still needed until the deflated Sharpe ratio would pass, were the sample to go on as it is; 0 when it does, null when it never would. */
  readonly barsNeeded: number | null;
}

/** Fewer comparable trials than this do not tell how far trials differ. */
const FEWEST_TRIALS = 10;

/**
 * How far the candidate's Sharpe is beyond what the luckiest of all trials would show without skill. The dispersion of trials is that of the
 * ledger, or 1 / (n - 1), that of pure chance over n bars, where the ledger holds fewer than ten.
 */
export const measureLuck = (returns: Float64Array, trials: Trials, minDsr: number): Luck => {
  const sample = sharpeSample(moments(returns));
  const trialVariance =
    trials.sharpes.length < FEWEST_TRIALS ? 1 / Math.max(1, returns.length - 1) : moments(Float64Array.from(trials.sharpes)).variance;
  const expectedMaximum = expectedMaximumSharpe(trialVariance, trials.count);
  const needed = minimumTrackRecord(sample, expectedMaximum, minDsr) - returns.length;
  return {
    dsr: finiteOrNull(deflatedSharpe(sample, trialVariance, trials.count)),
    inputs: {
      sharpe: finiteOrNull(sample.sharpe),
      skewness: finiteOrNull(sample.skewness),
      kurtosis: finiteOrNull(sample.kurtosis),
      trialVariance,
      expectedMaximum,
    },
    barsNeeded: finiteOrNull(Math.max(0, Math.ceil(needed))),
  };
};
