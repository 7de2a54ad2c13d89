import type { TrainingConfig } from '../../config/sections/training.js';
import { frequencyMs, type BarRange, type BarSeries } from '../../domain/market/bars.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { ObservationSchema } from '../../domain/agent/observation.js';
import { TooLittleData } from '../../domain/market/split.js';
import { createEnvironment, type Environment } from '../../learning/environment/create-environment.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { featureMatrix, fitNormaliser, type FeatureMatrix } from '../../learning/observation.js';
import { rewardScale } from '../../learning/trainer/reward-scale.js';
import { volatilityTarget, type VolatilityTarget } from '../../learning/trainer/volatility-target.js';
import { computeFeatures } from '../../market/features/compute-features.js';
import { BadConfig } from '../bad-config.js';

/** Everything between bars and a trainer. */
export interface PreparedTraining {
  readonly bars: BarSeries;
  readonly schema: ObservationSchema;
  /** Features of all bars, normalised by the training bars alone. */
  readonly matrix: FeatureMatrix;
  /** One lane for each parallel episode, over the sessions of the training range. */
  readonly environment: Environment;
  readonly volatility: VolatilityTarget;
  readonly rewardScale: number;
}

/**
 * Turns bars into what training needs, looking at no bar outside `range`, or within `heldOut`, but through features, which look back only. Throws `BadConfig` when
 * the bars are not of the configured frequency, `UnknownFeature`, and `TooLittleData` when no session has a whole observation.
 */
export const prepareTraining = (
  bars: BarSeries,
  instrument: Instrument,
  config: TrainingConfig,
  range: BarRange,
  heldOut: readonly BarRange[] = [],
): PreparedTraining => {
  const { environment: task, hindsight, parallelEpisodes } = config;
  if (bars.frequencyMs !== frequencyMs(task.frequency))
    throw new BadConfig(
      `training.environment.frequency is ${task.frequency}, the dataset's bars last ${bars.frequencyMs} ms: freeze the dataset at the configured frequency`,
    );
  const raw = computeFeatures(bars, task.features);
  const firstDecision = raw.warmUp + task.lookback - 1;
  const sessions = tradableSessions(bars, range, firstDecision).filter(({ from, to }) =>
    heldOut.every((held) => to <= held.from || from >= held.to),
  );
  if (sessions.length === 0)
    throw new TooLittleData(
      bars.instrument,
      firstDecision + 2,
      range.to - range.from,
      'a window of warmed-up features and a bar to trade on must fit into the training sessions',
    );
  const normaliser = fitNormaliser(raw, { from: Math.max(range.from, raw.warmUp), to: range.to }, task.featureClip, heldOut);
  return {
    bars,
    schema: { features: raw.names, lookback: task.lookback, frequencyMs: bars.frequencyMs, normaliser },
    matrix: featureMatrix(raw, normaliser),
    environment: createEnvironment({
      bars,
      instrument,
      config: task,
      sessions,
      lanes: parallelEpisodes,
      horizon: hindsight.horizon,
      hindsightWeight: hindsight.weight,
    }),
    volatility: volatilityTarget(bars, sessions, hindsight.horizon),
    rewardScale: rewardScale(bars, sessions, task.maxPosition),
  };
};
