import { parseArgs } from 'node:util';
import { trainingConfig, type TrainingConfig } from '../../../src/config/sections/training.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { createLearner } from '../../../src/learning/create-learner.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { sessionOptimum } from '../../../test/support/learning/session-optimum.js';
import { costlyInstrument, randomBars } from '../../../test/support/market/random-bars.js';
import { interquartileMean, type Bench } from '../../figure.js';
import { createJointLearner } from '../ablation/joint-learner.js';
import { trainAndPlay, type KnownMarket } from './known-market.js';

const SESSIONS = 2;
const BARS_PER_SESSION = 24;
/** Bars ahead that the agent is shown. */
const AHEAD = 8;
/** Share of the optimum that counts as reaching it. */
const REACHED = 0.99;

/**
 * How near an agent that is shown the future comes to the best there is: over `--seeds` (3) from `--from` (1), sessions of known bars with a fee of a fifth of a
 * per cent a side, their optimum by dynamic programming, and the DQN, `--steps` (40000) long, whose features are the prices of the bars to come: with one
 * branch of all pairs of price and quantity, which must reach the optimum, and with the two branches, which cannot say that the best price depends on the
 * quantity. Nothing may beat the optimum.
 */
export const optimum: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: {
      seeds: { type: 'string', default: '3' },
      from: { type: 'string', default: '1' },
      steps: { type: 'string', default: '40000' },
    },
  });
  const pairs: number[] = [];
  const branches: number[] = [];
  for (let seed = Number(options.from); pairs.length < Number(options.seeds); seed++) {
    const share = await measure(seed, Number(options.steps));
    process.stderr.write(`seed ${seed}: ${share.pairs.toFixed(5)} of the optimum, in branches ${share.branches.toFixed(5)}\n`);
    pairs.push(share.pairs);
    branches.push(share.branches);
  }
  const runs = pairs.length + branches.length;
  const under = [...pairs, ...branches].filter((share) => share <= 1 + 1e-9).length;
  const [one, two] = [interquartileMean(pairs), interquartileMean(branches)];
  return [
    { figure: 'perfect information', value: one, unit: 'optimum', limit: REACHED, ratio: one / REACHED },
    { figure: 'perfect information in two branches', value: two, unit: 'optimum', peer: { name: 'in one', value: one }, ratio: two / one },
    { figure: `optimum not beaten, of ${runs} runs`, value: under, unit: 'runs', limit: runs, ratio: under / runs },
  ];
};

const measure = async (seed: number, trainSteps: number): Promise<{ readonly pairs: number; readonly branches: number }> => {
  const config = settings(seed, trainSteps);
  const bars = randomBars({ seed, sessions: SESSIONS, barsPerSession: BARS_PER_SESSION });
  const instrument = { ...costlyInstrument, feeRate: 0.002 };
  const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 0);
  const best = sessions.reduce((sum, session) => sum + sessionOptimum({ bars, instrument, config: config.environment }, session).reward, 0);
  const market = { bars, instrument, shown: future(bars, instrument.tickSize), training: sessions, played: sessions };
  const share = async (create: typeof createLearner): Promise<number> => {
    const { net } = await trainAndPlay(market, config, create);
    return net.reduce((sum, each) => sum + each, 0) / config.environment.cash / best;
  };
  return { pairs: await share(createJointLearner), branches: await share(createLearner) };
};

/** Prices of the bars to come within the session, as distances from the close in eights of ticks. */
const future = (bars: BarSeries, tickSize: number): KnownMarket['shown'] => {
  const column = (of: Float64Array, by: number): Float64Array =>
    of.map((_, bar) => (bars.session[bar + by] === bars.session[bar] ? (of[bar + by]! - bars.close[bar]!) / tickSize / 8 : 0));
  return {
    open: column(bars.open, 1),
    high: column(bars.high, 1),
    low: column(bars.low, 1),
    ...Object.fromEntries(Array.from({ length: AHEAD }, (_, i) => [`close${i + 1}`, column(bars.close, i + 1)] as const)),
  };
};

const settings = (seed: number, trainSteps: number): TrainingConfig =>
  trainingConfig.parse({
    seed,
    trainSteps,
    environment: { lookback: 1, priceBins: 3, quantityBins: 3, lossLimit: 10 },
    agent: {
      trunk: [128, 128],
      head: 0,
      auxiliaryHead: 0,
      gamma: 1,
      learningRate: 5e-4,
      gradientClip: 10,
      auxiliaryWeight: 0,
      polyak: 0.005,
    },
    batchSize: 128,
    bufferSize: 50_000,
    warmUpSteps: 1_000,
    epsilon: { start: 1, end: 0.02, decaySteps: Math.ceil(trainSteps / 2) },
    hindsight: { weight: 0, horizon: 5 },
    nStep: 1,
  });
