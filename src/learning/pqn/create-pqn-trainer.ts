import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import { horizonOfInput } from '../../domain/agent/private-state.js';
import { columnsOf, joinColumns } from '../columns.js';
import { createRandom, restoreRandom } from '../random.js';
import type { Trainer, TrainerOptions } from '../trainer/create-trainer.js';
import { createCaretaker } from '../trainer/caretaker.js';
import { createPlayer } from '../trainer/player.js';
import type { VolatilityTarget } from '../trainer/volatility-target.js';
import type { ReturnBatch, ReturnLearner } from './create-return-learner.js';
import { lambdaReturns } from './lambda-returns.js';
import { createRollout } from './rollout.js';
import { shuffle } from './shuffle.js';

const HORIZON = PRIVATE_STATE.indexOf('horizon');

export interface PqnTrainerOptions extends Omit<TrainerOptions, 'learner'> {
  /** Of batches of parallel episodes × rollout steps / minibatches. */
  readonly learner: ReturnLearner;
}

/** Decisions in a minibatch. */
export const minibatchSize = ({ pqn, parallelEpisodes }: TrainerOptions['config']): number =>
  (parallelEpisodes * pqn.rolloutSteps) / pqn.minibatches;

/**
 * A training without replay (PQN, Gallici et al. 2025, arXiv 2407.04811): all lanes play a rollout, then its λ-returns are learned in shuffled
 * minibatches, a few times over, and it is forgotten. Starts, ends and resumes as `createTrainer`'s does.
 */
export const createPqnTrainer = (options: PqnTrainerOptions): Trainer => {
  const { learner, environment, config, volatility, rewardScale, own = null, firstNewSession = null, horizons = null } = options;
  const { now, lanes } = environment;
  const { agent, pqn, trainSteps } = config;
  const rollout = createRollout(lanes, pqn.rolloutSteps);
  const player = createPlayer({
    act: (...state) => learner.act(...state),
    environment,
    config,
    volatility,
    rewardScale,
    recorder: rollout,
    own,
    firstNewSession,
    horizons,
  });
  const { statistics } = player;
  const caretaker = createCaretaker({ learner, config });
  const returns = new Float32Array(lanes * pqn.rolloutSteps);
  const order = new Int32Array(returns.length);
  const batch = emptyBatch(minibatchSize(config));
  let draws = createRandom(config.seed, 'replay');
  let step = 0;
  let gradientSteps = 0;

  const learningRate = (): number => agent.learningRate * (pqn.anneal ? Math.max(0, 1 - step / trainSteps) : 1);

  const learnFrom = (first: number): void => {
    gather(rollout.columns, returns, volatility, order.subarray(first, first + batch.bars.length), batch);
    const result = learner.step(batch, learningRate());
    gradientSteps++;
    statistics.learned(result);
    caretaker.learned(gradientSteps, result, batch);
  };

  const learn = (): void => {
    rollout.valued(learner.act(now.bar, now.privateState));
    lambdaReturns({ lanes, ...rollout.columns, gamma: agent.gamma, lambda: pqn.lambda }, returns);
    for (let epoch = 0; epoch < pqn.epochs; epoch++) {
      shuffle(order, draws);
      for (let first = 0; first < order.length; first += batch.bars.length) learnFrom(first);
    }
    rollout.clear();
  };

  return {
    step: () => step,
    figures: () => ({
      step,
      gradientSteps,
      epsilon: player.epsilon(step),
      bufferSize: rollout.columns.filled[0]! * lanes,
      learningRate: learningRate(),
      ...statistics.read(),
      ...caretaker.figures(),
    }),
    advance() {
      rollout.valued(player.play(step));
      step += lanes;
      if (rollout.full()) learn();
    },
    state: () => ({
      step,
      gradientSteps,
      random: { ...player.random(), replay: draws.state() },
      columns: { ...player.columns(), ...caretaker.state(), ...joinColumns({ rollout: rollout.state() }) },
      tensors: learner.state(),
    }),
    restore(state) {
      rollout.restore(columnsOf(state.columns, 'rollout'));
      player.restore(state.random, state.columns);
      caretaker.restore(state.columns);
      learner.load(state.tensors);
      draws = restoreRandom(state.random.replay);
      ({ step, gradientSteps } = state);
    },
  };
};

const gather = (
  columns: ReturnType<typeof createRollout>['columns'],
  returns: Float32Array,
  volatility: VolatilityTarget,
  rows: Int32Array,
  batch: ReturnBatch,
): void => {
  const width = PRIVATE_STATE.length;
  rows.forEach((from, to) => {
    const bar = columns.bar[from]!;
    batch.bars[to] = bar;
    batch.price[to] = columns.price[from]!;
    batch.quantity[to] = columns.quantity[from]!;
    batch.target[to] = returns[from]!;
    batch.volatility[to] = volatility(bar, horizonOfInput(columns.privateState[from * width + HORIZON]!));
    for (let i = 0; i < width; i++) batch.privateState[to * width + i] = columns.privateState[from * width + i]!;
  });
};

const emptyBatch = (rows: number): ReturnBatch => ({
  bars: new Int32Array(rows),
  privateState: new Float32Array(rows * PRIVATE_STATE.length),
  price: new Int32Array(rows),
  quantity: new Int32Array(rows),
  target: new Float32Array(rows),
  volatility: new Float32Array(rows),
});
