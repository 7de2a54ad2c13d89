import assert from 'node:assert/strict';
import type { Trainer, TrainerState } from '../../../src/learning/trainer/create-trainer.js';
import { createTrainer } from '../../../src/learning/trainer/create-trainer.js';
import { TrainingDiverged } from '../../../src/learning/trainer/health.js';
import { createLinearLearner } from '../../support/learning/linear-learner.js';
import { smallEnvironment, smallTrainer, smallTrainingConfig } from '../../support/learning/small-training.js';

const advance = (trainer: Trainer, untilStep: number): Trainer => {
  while (trainer.step() < untilStep) trainer.advance();
  return trainer;
};
const copy = (trainer: Trainer): TrainerState => structuredClone(trainer.state());

describe('createTrainer', () => {
  it('ends with the same bits for the same seed, and with others for another', () => {
    const [first, second] = [copy(advance(smallTrainer(), 2_000)), copy(advance(smallTrainer(), 2_000))];
    assert.deepEqual(second, first);
    const other = copy(advance(smallTrainer(smallTrainingConfig({ seed: 8 })), 2_000));
    assert.notDeepEqual(other.tensors, first.tensors);
  });

  for (const enabled of [true, false])
    it(`ends with the same bits when it was stopped and resumed at any step, ${enabled ? 'with' : 'without'} priorities`, () => {
      const config = smallTrainingConfig({ priority: { enabled } });
      const undisturbed = copy(advance(smallTrainer(config), 2_400));
      for (const stops of [[4], [160], [1_204, 1_208], [800, 1_600, 2_396]]) {
        let trainer = smallTrainer(config);
        for (const stop of stops) {
          const state = copy(advance(trainer, stop));
          trainer = smallTrainer(config);
          trainer.restore(state);
        }
        assert.deepEqual(copy(advance(trainer, 2_400)), undisturbed, `stopped at ${stops.join(', ')}`);
      }
    });

  it('ends with other bits when any random stream or any column is left out of the state', () => {
    const config = smallTrainingConfig();
    const stopped = copy(advance(smallTrainer(config), 1_204));
    const undisturbed = copy(advance(smallTrainer(config), 2_400));
    const fresh = smallTrainer(config).state();
    const endOf = (state: TrainerState): TrainerState => {
      const trainer = smallTrainer(config);
      trainer.restore(structuredClone(state));
      return copy(advance(trainer, 2_400));
    };
    for (const use of ['exploration', 'sessions', 'replay'] as const)
      assert.notDeepEqual(endOf({ ...stopped, random: { ...stopped.random, [use]: fresh.random[use] } }), undisturbed, use);
    for (const part of ['lanes', 'nStep', 'statistics']) {
      const columns = Object.fromEntries(
        Object.entries(stopped.columns).map(([name, column]) => [name, name.startsWith(part) ? fresh.columns[name]! : column]),
      );
      assert.notDeepEqual(endOf({ ...stopped, columns }), undisturbed, part);
    }
    assert.notDeepEqual(endOf({ ...stopped, tensors: fresh.tensors }), undisturbed);
  });

  it('draws the horizon of every episode between the shortest and the longest, and goes on with the same draws when resumed', () => {
    const config = smallTrainingConfig({ hindsight: { horizon: 30, shortestHorizon: 2 } });
    const trainer = smallTrainer(config);
    const seen = new Set<number>();
    for (let i = 0; i < 400; i++) {
      trainer.advance();
      for (const horizon of trainer.state().columns['lanes/horizon'] ?? []) seen.add(horizon);
    }
    assert.ok(seen.size > 10 && Math.min(...seen) >= 2 && Math.max(...seen) <= 30, [...seen].join());
    const resumed = smallTrainer(config);
    resumed.restore(structuredClone(trainer.state()));
    for (let i = 0; i < 100; i++) {
      trainer.advance();
      resumed.advance();
    }
    assert.deepEqual(resumed.state().columns, trainer.state().columns);
  });

  it('takes one gradient step per trainEvery environment steps after the warm-up', () => {
    const trainer = smallTrainer(smallTrainingConfig({ trainEvery: 8, environment: { lossLimit: 10 } }));
    assert.equal(advance(trainer, 100).figures().gradientSteps, 0);
    assert.equal(advance(trainer, 1_700).figures().gradientSteps, 200);
    const { step, bufferSize, epsilon, episodes, winRate, loss } = trainer.figures();
    assert.equal(step, 1_700);
    assert.equal(bufferSize, 1_000);
    assert.ok(Math.abs(epsilon - (1 - 0.95 * 0.85)) < 1e-12);
    assert.equal(episodes, 40);
    assert.ok(winRate !== null && winRate >= 0 && winRate <= 1 && loss !== null && loss > 0);
  });

  it('stops with TrainingDiverged, naming the figure, when a loss is not a number or runs away', () => {
    const config = smallTrainingConfig();
    const learner = createLinearLearner({ bins: { price: 21, quantity: 11 }, actBatch: 4, batchSize: 16 });
    for (const [qLoss, check, gradientStep] of [
      [NaN, 'notANumber', 1],
      [Infinity, 'notANumber', 1],
      [1e9, 'divergence', 30],
    ] as const) {
      const trainer = createTrainer({
        learner: { ...learner, step: (batch) => ({ ...learner.step(batch), qLoss }) },
        environment: smallEnvironment(config),
        config,
        volatility: () => 0,
        rewardScale: 1,
      });
      assert.throws(
        () => advance(trainer, 2_000),
        (error: unknown) => {
          assert.ok(error instanceof TrainingDiverged);
          assert.deepEqual([error.finding.check, error.figure, error.gradientStep], [check, 'qLoss', gradientStep]);
          return true;
        },
      );
    }
  });

  it('plays as many episodes in the instrument’s own sessions as it is told', () => {
    const config = smallTrainingConfig({ parallelEpisodes: 40 });
    const environment = smallEnvironment(config);
    const learner = createLinearLearner({ bins: { price: 21, quantity: 11 }, actBatch: 40, batchSize: 16 });
    createTrainer({ learner, environment, config, volatility: () => 0, rewardScale: 1, own: { count: 2, share: 1 } });
    assert.deepEqual(new Set(environment.now.session), new Set([0, 1]));
  });

  it('refuses the state of a training with other settings', () => {
    const state = copy(advance(smallTrainer(), 400));
    assert.throws(() => smallTrainer(smallTrainingConfig({ parallelEpisodes: 8 })).restore(state), /saved column/);
    assert.throws(() => smallTrainer(smallTrainingConfig({ bufferSize: 100 })).restore(state), /does not fit/);
  });
});
