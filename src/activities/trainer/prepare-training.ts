import type { TrainingConfig } from '../../config/sections/training.js';
import { frequencyMs, type BarRange, type BarSeries } from '../../domain/market/bars.js';
import type { MarketRegime } from '../../domain/market/market-regime.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { RawFeatures } from '../../domain/market/features.js';
import type { ObservationSchema } from '../../domain/agent/observation.js';
import { TooLittleData } from '../../domain/market/split.js';
import { createEnvironment, type Environment } from '../../learning/environment/create-environment.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { featureMatrix, fitNormaliser, type FeatureMatrix, type Normaliser } from '../../learning/observation.js';
import { ownSessions, type OwnSessions } from '../../learning/trainer/session-draw.js';
import { rewardScale } from '../../learning/trainer/reward-scale.js';
import { volatilityTarget, type VolatilityTarget } from '../../learning/trainer/volatility-target.js';
import { computeFeatures } from '../../market/features/compute-features.js';
import { BadConfig } from '../bad-config.js';
import { joinMarkets, type JoinedMarkets, type TrainedMarket } from './join-markets.js';

/** Everything between bars and a trainer. */
export interface PreparedTraining {
  /** The instrument's own. */
  readonly bars: BarSeries;
  readonly schema: ObservationSchema;
  /** Features of all bars, those of other instruments after the own, normalised by the own training bars alone. */
  readonly matrix: FeatureMatrix;
  /** The instrument's own sessions of the training range. */
  readonly sessions: readonly BarRange[];
  /** One lane for each parallel episode, over the own sessions and those of other instruments after them. */
  readonly environment: Environment;
  /** The markets of other instruments, in the order in which they follow. */
  readonly others: JoinedMarkets['others'];
  /** Null where no other instrument takes part. */
  readonly own: OwnSessions | null;
  readonly volatility: VolatilityTarget;
  readonly rewardScale: number;
}

/** Bars of another instrument, all of which are trained on. */
export interface SharedBars {
  readonly instrument: Instrument;
  readonly bars: BarSeries;
}

/**
 * Turns bars into what training needs, looking at no bar outside `range`, or within `heldOut`, but through features, which look back only. The sessions of
 * `shared` follow the own ones, in the units of these: the same observation and reward mean the same move in all. Throws `BadConfig` when
 * bars are not of the configured frequency, `UnknownFeature`, and `TooLittleData` when no own session has a whole observation.
 */
export const prepareTraining = (
  bars: BarSeries,
  instrument: Instrument,
  config: TrainingConfig,
  range: BarRange,
  heldOut: readonly BarRange[] = [],
  shared: readonly SharedBars[] = [],
): PreparedTraining => {
  const { environment: task, hindsight, parallelEpisodes } = config;
  for (const { instrument: of, frequencyMs: lengthMs } of [bars, ...shared.map((other) => other.bars)])
    if (lengthMs !== frequencyMs(task.frequency))
      throw new BadConfig(
        `training.environment.frequency is ${task.frequency}, the dataset's bars of ${of} last ${lengthMs} ms: freeze the dataset at the configured frequency`,
      );
  const raw = computeFeatures(bars, task.features);
  const firstDecision = firstDecisionOf(raw, config);
  const sessions = sessionsToTrain(bars, range, { firstDecision, regime: task.regime, heldOut });
  if (sessions.length === 0)
    throw new TooLittleData(
      bars.instrument,
      firstDecision + 2,
      range.to - range.from,
      `a window of warmed-up features and a bar to trade on must fit into the training sessions${task.regime === undefined ? '' : ` that begin ${task.regime}`}`,
    );
  const normaliser = fitNormaliser(raw, { from: Math.max(range.from, raw.warmUp), to: range.to }, task.featureClip, heldOut);
  const joined = joinMarkets(
    { instrument, bars, matrix: featureMatrix(raw, normaliser), sessions },
    shared.map((other) => sharedMarket(other, config, normaliser)),
  );
  return {
    bars,
    schema: { features: raw.names, lookback: task.lookback, frequencyMs: bars.frequencyMs, normaliser },
    matrix: joined.matrix,
    sessions,
    others: joined.others,
    environment: createEnvironment({
      bars: joined.bars,
      instrument,
      ...(joined.instruments && { instruments: joined.instruments }),
      config: task,
      sessions: joined.sessions,
      lanes: parallelEpisodes,
      horizon: hindsight.horizon,
      hindsightWeight: hindsight.weight,
    }),
    own: joined.sessions.length === sessions.length ? null : ownSessions(sessions, joined.sessions.slice(sessions.length)),
    volatility: volatilityTarget(joined.bars, joined.sessions, hindsight.horizon, sessions),
    rewardScale: rewardScale(bars, sessions, task.maxPosition),
  };
};

/** What leaves sessions out of training. */
export interface TrainableRule {
  readonly firstDecision: number;
  readonly regime: MarketRegime | undefined;
  readonly heldOut: readonly BarRange[];
}

/** Sessions of a range that are trained on: with a whole observation at each decision, of the regime, and touched by nothing that is held out. */
export const sessionsToTrain = (
  bars: Pick<BarSeries, 'length' | 'session' | 'close'>,
  range: BarRange,
  { firstDecision, regime, heldOut }: TrainableRule,
): readonly BarRange[] =>
  tradableSessions(bars, range, firstDecision, regime).filter(({ from, to }) =>
    heldOut.every((held) => to <= held.from || from >= held.to),
  );

/** First bar with a whole observation. Throws `UnknownFeature`. */
export const firstDecisionIn = (bars: BarSeries, config: Pick<TrainingConfig, 'environment'>): number =>
  firstDecisionOf(computeFeatures(bars, config.environment.features), config);

/** Sessions of bars of which all are trained on, with a whole observation at each decision. Throws `UnknownFeature`. */
export const sessionsToShare = (bars: BarSeries, config: Pick<TrainingConfig, 'environment'>): readonly BarRange[] =>
  sharedSessions(bars, computeFeatures(bars, config.environment.features), config);

const sharedSessions = (bars: BarSeries, raw: RawFeatures, config: Pick<TrainingConfig, 'environment'>): readonly BarRange[] =>
  tradableSessions(bars, { from: 0, to: bars.length }, firstDecisionOf(raw, config), config.environment.regime);

const sharedMarket = ({ instrument, bars }: SharedBars, config: TrainingConfig, normaliser: Normaliser): TrainedMarket => {
  const raw = computeFeatures(bars, config.environment.features);
  return { instrument, bars, matrix: featureMatrix(raw, normaliser), sessions: sharedSessions(bars, raw, config) };
};

const firstDecisionOf = ({ warmUp }: RawFeatures, { environment }: Pick<TrainingConfig, 'environment'>): number =>
  warmUp + environment.lookback - 1;
