import assert from 'node:assert/strict';
import { trainingConfig } from '../../../src/config/sections/training.js';
import { createPqnTrainer, minibatchSize } from '../../../src/learning/pqn/create-pqn-trainer.js';
import { createReturnLearner, type ReturnBatch, type ReturnLearner } from '../../../src/learning/pqn/create-return-learner.js';
import { createRandom } from '../../../src/learning/random.js';
import type { Trainer, TrainerState } from '../../../src/learning/trainer/create-trainer.js';
import { decodeTrainerState, encodeTrainerState } from '../../../src/learning/trainer/state-files.js';
import { rewardScale } from '../../../src/learning/trainer/reward-scale.js';
import { volatilityTarget } from '../../../src/learning/trainer/volatility-target.js';
import { noiseFeatures } from '../../support/learning/learner.js';
import { randomBars } from '../../support/market/random-bars.js';
import { smallEnvironment } from '../../support/learning/small-training.js';

const config = trainingConfig.parse({
  seed: 7,
  trainSteps: 1_200,
  parallelEpisodes: 4,
  epsilon: { decaySteps: 600 },
  hindsight: { horizon: 5 },
  environment: { priceBins: 5, quantityBins: 3, lookback: 4 },
  agent: { algorithm: 'pqn', layerNorm: true, trunk: [16], head: 0, auxiliaryHead: 0, exploration: 'adaptive' },
  pqn: { rolloutSteps: 12, minibatches: 3 },
});

const advance = (trainer: Trainer, untilStep: number): Trainer => {
  while (trainer.step() < untilStep) trainer.advance();
  return trainer;
};
const copy = (trainer: Trainer): TrainerState => structuredClone(trainer.state());

describe('createPqnTrainer', () => {
  const bars = randomBars({ seed: 12, sessions: 6, barsPerSession: 40 });
  let learner: ReturnLearner;
  let fresh: ReturnType<ReturnLearner['state']>;

  /** Trainers of one learner take turns: each begins with fresh weights. */
  const start = (more: Partial<ReturnLearner> = {}, settings = config): Trainer => {
    learner.load(fresh);
    const environment = smallEnvironment(settings);
    return createPqnTrainer({
      learner: { ...learner, ...more },
      environment,
      config: settings,
      volatility: volatilityTarget(bars, environment.sessions, 5),
      rewardScale: rewardScale(bars, environment.sessions, config.environment.maxPosition),
    });
  };

  before(async () => {
    learner = await createReturnLearner({
      agent: config.agent,
      features: noiseFeatures(bars.length, 3),
      lookback: 4,
      bins: { price: 5, quantity: 3 },
      batchSize: minibatchSize(config),
      actBatch: 4,
      random: createRandom(7, 'weights'),
    });
    fresh = learner.state();
  });
  after(() => {
    learner.dispose();
  });

  it('ends with the same bits when it was stopped and resumed at any of 50 steps, from the files of a checkpoint', () => {
    const undisturbed = copy(advance(start(), 1_200));
    assert.equal(undisturbed.gradientSteps, (1_200 / 48) * 2 * 3);
    const stops = createRandom(3, 'stops');
    let trainer = start();
    for (const stop of Array.from({ length: 50 }, () => 4 * (1 + stops.integer(299))).sort((a, b) => a - b)) {
      const state = decodeTrainerState(structuredClone(encodeTrainerState(advance(trainer, stop).state())));
      trainer = start();
      trainer.restore(state);
    }
    assert.deepEqual(copy(advance(trainer, 1_200)), undisturbed);
  });

  it('plays as many episodes in the instrument’s own sessions as it is told', () => {
    const environment = smallEnvironment(config);
    createPqnTrainer({ learner, environment, config, volatility: () => 0, rewardScale: 1, own: { count: 1, share: 1 } });
    assert.deepEqual([...environment.now.session], [0, 0, 0, 0]);
  });

  it('ends with other bits when any random stream or any column is left out of the state', () => {
    const stopped = copy(advance(start(), 604));
    const undisturbed = copy(advance(start(), 1_200));
    const blank = copy(start());
    const endOf = (state: TrainerState): TrainerState => {
      const trainer = start();
      trainer.restore(structuredClone(state));
      return copy(advance(trainer, 1_200));
    };
    assert.deepEqual(endOf(stopped), undisturbed);
    for (const use of ['exploration', 'sessions', 'replay'] as const)
      assert.notDeepEqual(endOf({ ...stopped, random: { ...stopped.random, [use]: blank.random[use] } }), undisturbed, use);
    for (const part of ['lanes', 'rollout', 'statistics', 'explorer']) {
      const columns = Object.fromEntries(
        Object.entries(stopped.columns).map(([name, column]) => [name, name.startsWith(part) ? blank.columns[name]! : column]),
      );
      assert.notDeepEqual(endOf({ ...stopped, columns }), undisturbed, part);
    }
    assert.notDeepEqual(endOf({ ...stopped, tensors: blank.tensors }), undisturbed);
  });

  it('learns each decision of a rollout once an epoch, at a rate that falls to 0 at the end of the budget', () => {
    const seen: { readonly batch: ReturnBatch; readonly rate: number }[] = [];
    const trainer = start({
      step: (batch, rate) => {
        seen.push({ batch: structuredClone(batch), rate });
        return learner.step(batch, rate);
      },
    });
    advance(trainer, 1_200);
    for (let epoch = 0; epoch < seen.length / 3; epoch++) {
      const decisions = seen.slice(3 * epoch, 3 * epoch + 3).flatMap(({ batch }) => [...batch.target]);
      const other = seen.slice(6 * Math.floor(epoch / 2), 6 * Math.floor(epoch / 2) + 3).flatMap(({ batch }) => [...batch.target]);
      assert.deepEqual(decisions.toSorted(), other.toSorted());
    }
    assert.notDeepEqual(seen[0]!.batch.target, seen[3]!.batch.target, 'the second epoch has an order of its own');
    const { learningRate } = config.agent;
    assert.ok(Math.abs(seen[0]!.rate - learningRate * (1 - 48 / 1_200)) < 1e-12);
    assert.equal(seen.at(-1)!.rate, 0);
  });

  it('stops with TrainingDiverged when a loss is not a number', () => {
    const trainer = start({ step: (batch, rate) => ({ ...learner.step(batch, rate), loss: NaN }) });
    assert.throws(() => advance(trainer, 1_200), { name: 'TrainingDiverged', figure: 'loss', gradientStep: 1 });
  });

  it('refuses the state of a training with rollouts of another length', () => {
    const state = copy(advance(start(), 100));
    const other = start({}, { ...config, pqn: { ...config.pqn, rolloutSteps: 24 } });
    assert.throws(() => other.restore(state), /saved column bar is Int32Array of 48: expected Int32Array of 96/);
  });
});
