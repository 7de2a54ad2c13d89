import type { TrainingConfig } from '../../../src/config/sections/training.js';
import type { BarRange, BarSeries } from '../../../src/domain/market/bars.js';
import type { Instrument } from '../../../src/domain/market/instrument.js';
import { createLearner } from '../../../src/learning/create-learner.js';
import { createEnvironment } from '../../../src/learning/environment/create-environment.js';
import type { FeatureMatrix } from '../../../src/learning/observation.js';
import { createRandom } from '../../../src/learning/random.js';
import { createTrainer } from '../../../src/learning/trainer/create-trainer.js';
import { rewardScale } from '../../../src/learning/trainer/reward-scale.js';
import { volatilityTarget } from '../../../src/learning/trainer/volatility-target.js';
import { playSessions, type PlayedSessions } from '../../../test/support/learning/play-sessions.js';
import { greedily } from '../greedily.js';

/** A market of which everything is known but to the agent, and what the agent is shown of it. */
export interface KnownMarket {
  readonly bars: BarSeries;
  readonly instrument: Instrument;
  /** Columns of numbers by bar, in about [-1, 1]. */
  readonly shown: Readonly<Record<string, Float64Array>>;
  /** Sessions that are trained on, and those that the trained agent is then played on. */
  readonly training: readonly BarRange[];
  readonly played: readonly BarRange[];
}

/** Trains the DQN, or what `create` makes of it, on a market as a run does, and plays it greedily. */
export const trainAndPlay = async (
  { bars, instrument, shown, training, played }: KnownMarket,
  config: TrainingConfig,
  create: typeof createLearner = createLearner,
): Promise<PlayedSessions> => {
  const { environment: task, agent, hindsight, parallelEpisodes, batchSize, seed } = config;
  const bins = { price: task.priceBins, quantity: task.quantityBins };
  const options = {
    agent,
    features: matrixOf(shown, bars.length),
    lookback: task.lookback,
    bins,
    batchSize,
    random: createRandom(seed, 'weights'),
  };
  const learner = await create({ ...options, actBatch: parallelEpisodes });
  const trainer = createTrainer({
    learner,
    environment: createEnvironment({
      bars,
      instrument,
      config: task,
      sessions: training,
      lanes: parallelEpisodes,
      horizon: hindsight.horizon,
      hindsightWeight: hindsight.weight,
    }),
    config,
    volatility: volatilityTarget(bars, training, hindsight.horizon),
    rewardScale: rewardScale(bars, training, task.maxPosition),
  });
  while (trainer.step() < config.trainSteps) trainer.advance();
  const initial = learner.state();
  learner.dispose();

  const player = await create({ ...options, actBatch: played.length, initial });
  const result = playSessions({ bars, instrument, config: task, horizon: hindsight.horizon }, played, greedily(player, task));
  player.dispose();
  return result;
};

const matrixOf = (shown: KnownMarket['shown'], rows: number): FeatureMatrix => {
  const columns = Object.values(shown);
  const values = Float32Array.from(
    { length: rows * columns.length },
    (_, i) => columns[i % columns.length]![Math.floor(i / columns.length)]!,
  );
  return { names: Object.keys(shown), rows, values, firstValid: 0 };
};
