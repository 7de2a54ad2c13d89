import { trainingConfig, type TrainingConfig } from '../../../src/config/sections/training.js';
import type { BarRange } from '../../../src/domain/market/bars.js';
import { createEnvironment, type Environment } from '../../../src/learning/environment/create-environment.js';
import { createPqnTrainer, minibatchSize } from '../../../src/learning/pqn/create-pqn-trainer.js';
import { createReturnLearner, type ReturnLearner } from '../../../src/learning/pqn/create-return-learner.js';
import { createRandom } from '../../../src/learning/random.js';
import { rewardScale } from '../../../src/learning/trainer/reward-scale.js';
import { volatilityTarget } from '../../../src/learning/trainer/volatility-target.js';
import { greedily } from '../../learning/greedily.js';
import { BARS_PER_YEAR, type PlantedMarket } from './planted-market.js';

export interface Wanted {
  readonly seed: number;
  /** Annual Sharpe ratio, net, of the greedy policy on the held-out sessions. */
  readonly threshold: number;
  /** Seconds of training after which it is given up. */
  readonly limit: number;
}

/** Environment steps between two scores. */
const EVERY = 2_048;

/** Seconds of training, scoring left out, until PQN is as good as wanted; Infinity where it is not within the limit. */
export const pqnSeconds = async (market: PlantedMarket, { seed, threshold, limit }: Wanted): Promise<number> => {
  const config = settings(seed);
  const { lookback, priceBins, quantityBins } = config.environment;
  const create = (actBatch: number): Promise<ReturnLearner> =>
    createReturnLearner({
      agent: config.agent,
      features: market.features,
      lookback,
      bins: { price: priceBins, quantity: quantityBins },
      batchSize: minibatchSize(config),
      actBatch,
      random: createRandom(seed, 'weights'),
    });
  const [learner, player] = [await create(config.parallelEpisodes), await create(market.heldOut.length)];
  const trainer = createPqnTrainer({
    learner,
    config,
    environment: play(market, config, market.training, config.parallelEpisodes),
    volatility: volatilityTarget(market.bars, market.training, config.hindsight.horizon),
    rewardScale: rewardScale(market.bars, market.training, config.environment.maxPosition),
  });
  try {
    for (let seconds = 0; seconds < limit;) {
      const [start, from] = [performance.now(), trainer.step()];
      while (trainer.step() < from + EVERY) trainer.advance();
      seconds += (performance.now() - start) / 1_000;
      player.load(learner.state());
      const sharpe = heldOutSharpe(market, config, player);
      process.stderr.write(`PQN, seed ${seed}: Sharpe ratio ${sharpe.toFixed(1)} after ${seconds.toFixed(2)} s, ${trainer.step()} steps\n`);
      if (sharpe >= threshold) return seconds;
    }
    return Infinity;
  } finally {
    for (const each of [learner, player]) each.dispose();
  }
};

/** The network and the discount of the peer, else the defaults but for what is of this market: no limit prices to choose from, no hindsight. */
const settings = (seed: number): TrainingConfig =>
  trainingConfig.parse({
    seed,
    environment: { lookback: 14, priceBins: 3, quantityBins: 11, maxPosition: 1, lossLimit: 1 },
    agent: { algorithm: 'pqn', layerNorm: true, trunk: [256, 128], head: 0, auxiliaryHead: 0, auxiliaryWeight: 0 },
    parallelEpisodes: 64,
    epsilon: { decaySteps: 20_000 },
    hindsight: { weight: 0 },
  });

const play = ({ bars, instrument }: PlantedMarket, config: TrainingConfig, sessions: readonly BarRange[], lanes: number): Environment =>
  createEnvironment({ bars, instrument, config: config.environment, sessions, lanes, horizon: config.hindsight.horizon });

/** All held-out sessions side by side, greedily, each from flat to flat. */
const heldOutSharpe = (market: PlantedMarket, config: TrainingConfig, player: ReturnLearner): number => {
  const lanes = market.heldOut.length;
  const decide = greedily(player, config.environment);
  const environment = play(market, config, market.heldOut, lanes);
  const [price, quantity] = [new Int32Array(lanes), new Int32Array(lanes)];
  for (let lane = 0; lane < lanes; lane++) environment.reset(lane, lane);
  const earned: number[] = [];
  while (environment.now.active[0] === 1) {
    decide(environment.now, price, quantity);
    earned.push(...environment.step(price, quantity).reward);
  }
  const mean = earned.reduce((sum, each) => sum + each, 0) / earned.length;
  const deviation = Math.sqrt(earned.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (earned.length - 1));
  return deviation === 0 ? 0 : (mean / deviation) * Math.sqrt(BARS_PER_YEAR);
};
