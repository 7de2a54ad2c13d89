import { parseArgs } from 'node:util';
import { livedDecisions } from '../../src/activities/experiences/freeze-experiences.js';
import { loadConfig } from '../../src/config/load-config.js';
import { trainingConfig, type TrainingConfig } from '../../src/config/sections/training.js';
import type { BarRange } from '../../src/domain/market/bars.js';
import { createPaperAccount } from '../../src/evaluation/paper/trade-on-paper.js';
import { createLearner, type LearnerOptions } from '../../src/learning/create-learner.js';
import { chooseBins } from '../../src/learning/exploration.js';
import type { NamedTensor } from '../../src/learning/learner.js';
import { createRandom } from '../../src/learning/random.js';
import { livedTransitions, type LivedTransitions } from '../../src/learning/replay/lived-transitions.js';
import { createTrainer } from '../../src/learning/trainer/create-trainer.js';
import { shrinkAndPerturb } from '../../src/learning/transfer/shrink-and-perturb.js';
import type { TrainableExperience } from '../../src/registry/experiences/trainable.js';
import type { PreparedTraining } from '../../src/activities/trainer/prepare-training.js';
import { openMarket, type Market } from './ablation/market.js';
import { interquartileMean, type Bench, type Figure } from '../figure.js';

type Weights = readonly NamedTensor[];

/**
 * What memory is worth on the simulated market: net Sharpe ratio on held-out sessions as a share of the known optimum's, over `--seeds` (3) markets from
 * `--from` (1). A parent learns from the older half of the training sessions (`--steps`, 80000), trades the newer half, and is retrained on all of it
 * (`--retrain`, 40000): without what it lived, with it, and with explained and large outcomes drawn more often. Then two trainings from scratch:
 * without and with the outcome of the nearest past situations in the observation.
 */
export const lessons: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: {
      seeds: { type: 'string', default: '3' },
      from: { type: 'string', default: '1' },
      steps: { type: 'string', default: '80000' },
      retrain: { type: 'string', default: '40000' },
    },
  });
  const [from, steps, retrain] = [Number(options.from), Number(options.steps), Number(options.retrain)];
  const results = new Map<string, number[]>();
  const note = (name: string, share: number, seed: number): void => {
    process.stderr.write(`market ${seed}, ${name}: ${share.toFixed(3)} of the optimum\n`);
    results.set(name, [...(results.get(name) ?? []), share]);
  };
  for (let seed = from; seed < from + Number(options.seeds); seed++) {
    const { config } = await loadConfig({ preset: 'first-run', flags: { training: { seed } } });
    const market = await openMarket(seed, config);
    const of = (trainSteps: number, more: object = {}): TrainingConfig =>
      trainingConfig.parse({
        ...config.training,
        trainSteps,
        epsilon: { ...config.training.epsilon, decaySteps: Math.ceil(trainSteps / 2) },
        ...more,
      });

    const { from: first, to } = market.training;
    const middle = first + Math.floor((to - first) / 2);
    const parent = await train(market.prepare(of(steps), { from: first, to: middle }), of(steps));
    note('parent', await score(market, of(steps), market.prepare(of(steps), { from: first, to: middle }), parent), seed);

    const training = of(retrain, { epsilon: { start: 0.3, end: 0.1, decaySteps: retrain } });
    const prepared = market.prepare(training);
    const lived = await tradeOnPaper(
      market,
      training,
      market.prepare(of(steps), { from: first, to: middle }),
      parent,
      prepared.environment.sessions.filter((session) => session.from >= middle),
    );
    const replayed = livedTransitions(livedDecisions(lived), { ...prepared, sessions: prepared.environment.sessions, config: training });
    process.stderr.write(`${replayed.count} experiences, ${lived.filter(({ pnl }) => pnl !== null).length} trades\n`);
    const alike: LivedTransitions = { ...replayed, emphasis: replayed.emphasis.map(() => 1) };
    for (const [name, experiences] of [
      ['retrain', null],
      ['retrain with experiences', alike],
      ['retrain with weighted ones', replayed],
    ] as const)
      // prettier-ignore
      note(name, await score(market, training, prepared, await train(market.prepare(training), training, parent, experiences)), seed);

    const task = config.training.environment;
    for (const [name, features] of [
      ['from scratch', task.features],
      ['with past situations', [...task.features, 'pastSituations']],
    ] as const) {
      const scratch = of(steps, { environment: { ...task, features } });
      note(name, await score(market, scratch, market.prepare(scratch), await train(market.prepare(scratch), scratch)), seed);
    }
  }
  const mean = (name: string): number => interquartileMean(results.get(name) ?? []);
  const against = (name: string, peer: string): Figure => ({
    figure: `lessons: ${name}`,
    value: mean(name),
    unit: 'optimum',
    peer: { name: peer, value: mean(peer) },
    ratio: mean(name) / mean(peer),
  });
  return [
    against('retrain', 'parent'),
    against('retrain with experiences', 'retrain'),
    against('retrain with weighted ones', 'retrain'),
    against('with past situations', 'from scratch'),
  ];
};

const optionsFor = ({ matrix }: PreparedTraining, config: TrainingConfig, actBatch: number): LearnerOptions => ({
  agent: config.agent,
  features: matrix,
  lookback: config.environment.lookback,
  bins: { price: config.environment.priceBins, quantity: config.environment.quantityBins },
  batchSize: config.batchSize,
  actBatch,
  random: createRandom(config.seed, 'weights'),
});

/** The weights after a training, from a parent in part or afresh. */
const train = async (
  prepared: PreparedTraining,
  config: TrainingConfig,
  parent: Weights | null = null,
  lived: LivedTransitions | null = null,
): Promise<Weights> => {
  const learner = await createLearner(optionsFor(prepared, config, config.parallelEpisodes));
  if (parent !== null) learner.load(shrinkAndPerturb(learner.state(), parent, config.parentShare));
  const trainer = createTrainer({ learner, config, ...prepared, lived });
  while (trainer.step() < config.trainSteps) trainer.advance();
  const state = learner.state();
  learner.dispose();
  return state;
};

/** Greedy play on the held-out sessions, as a share of the optimum; features are scaled as in the training. */
const score = async (market: Market, config: TrainingConfig, prepared: PreparedTraining, initial: Weights): Promise<number> => {
  const player = await createLearner({ ...optionsFor(prepared, config, market.heldOutSessions), initial });
  const random = createRandom(config.seed, 'unused');
  const { priceBins, quantityBins } = config.environment;
  const sharpe = await market.sharpe((now, price, quantity) => {
    const values = player.act(now.bar, now.privateState);
    chooseBins(values.price, priceBins, () => 0, random, price);
    chooseBins(values.quantity, quantityBins, () => 0, random, quantity);
  });
  player.dispose();
  return sharpe / market.optimum;
};

/** What a parent lives in these sessions, trading greedily; every trade counts as explained, as the rules explain every one. */
const tradeOnPaper = async (
  { bars, instrument }: Market,
  config: TrainingConfig,
  prepared: PreparedTraining,
  parent: Weights,
  sessions: readonly BarRange[],
): Promise<TrainableExperience[]> => {
  const player = await createLearner({ ...optionsFor(prepared, config, 1), initial: parent });
  const random = createRandom(config.seed, 'unused');
  const [price, quantity] = [Int32Array.of(0), Int32Array.of(0)];
  const trade = createPaperAccount({
    bars,
    instrument,
    config: config.environment,
    horizon: config.hindsight.horizon,
    decide(bar, privateState) {
      const values = player.act(Int32Array.of(bar), privateState);
      chooseBins(values.price, config.environment.priceBins, () => 0, random, price);
      chooseBins(values.quantity, config.environment.quantityBins, () => 0, random, quantity);
      return Promise.resolve({ price: price[0]!, quantity: quantity[0]!, confidence: 1, propensity: 1 });
    },
  });
  const lived: TrainableExperience[] = [];
  for (const session of sessions) {
    const { steps, trades } = await trade(session);
    const opened = new Map(trades.map(({ entryBar, net }) => [entryBar - 1, net]));
    for (const { bar, before, after, decision, reward, done } of steps) {
      const pnl = opened.get(bar) ?? null;
      const decisionTime = new Date(bars.closeTime[bar]!).toISOString();
      lived.push({ decisionTime, privateState: before, nextPrivateState: after, priceBin: decision.price, quantityBin: decision.quantity, reward, done, pnl, explained: pnl !== null }); // prettier-ignore
    }
  }
  player.dispose();
  return lived.slice(-10_000);
};
