import { parseArgs } from 'node:util';
import { livedDecisions } from '../../src/activities/experiences/freeze-experiences.js';
import { loadConfig } from '../../src/config/load-config.js';
import { trainingConfig, type TrainingConfig } from '../../src/config/sections/training.js';
import type { BarRange } from '../../src/domain/market/bars.js';
import { createPaperAccount } from '../../src/evaluation/paper/trade-on-paper.js';
import { createLearner } from '../../src/learning/create-learner.js';
import { livedTransitions, type LivedTransitions } from '../../src/learning/replay/lived-transitions.js';
import type { TrainableExperience } from '../../src/registry/experiences/trainable.js';
import type { PreparedTraining } from '../../src/activities/trainer/prepare-training.js';
import { dqnOptions, scoreDqn, trainDqn, type Weights } from './ablation/dqn-on-market.js';
import { openMarket, type Market } from './ablation/market.js';
import { greedily } from './greedily.js';
import { interquartileMean, type Bench, type Figure } from '../figure.js';

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
    const parent = await trainDqn(market.prepare(of(steps), { from: first, to: middle }), of(steps));
    note('parent', await scoreDqn(market, of(steps), market.prepare(of(steps), { from: first, to: middle }), parent), seed);

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
      note(name, await scoreDqn(market, training, prepared, await trainDqn(market.prepare(training), training, { parent, lived: experiences })), seed);

    const task = config.training.environment;
    for (const [name, features] of [
      ['from scratch', task.features],
      ['with past situations', [...task.features, 'pastSituations']],
    ] as const) {
      const scratch = of(steps, { environment: { ...task, features } });
      note(name, await scoreDqn(market, scratch, market.prepare(scratch), await trainDqn(market.prepare(scratch), scratch)), seed);
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

/** What a parent lives in these sessions, trading greedily; every trade counts as explained, as the rules explain every one. */
const tradeOnPaper = async (
  { bars, instrument }: Market,
  config: TrainingConfig,
  prepared: PreparedTraining,
  parent: Weights,
  sessions: readonly BarRange[],
): Promise<TrainableExperience[]> => {
  const player = await createLearner({ ...dqnOptions(prepared, config, 1), initial: parent });
  const decide = greedily(player, config.environment);
  const [price, quantity] = [Int32Array.of(0), Int32Array.of(0)];
  const trade = createPaperAccount({
    bars,
    instrument,
    config: config.environment,
    horizon: config.hindsight.horizon,
    decide(bar, privateState) {
      decide({ bar: Int32Array.of(bar), privateState }, price, quantity);
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
