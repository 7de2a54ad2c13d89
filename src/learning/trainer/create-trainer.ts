import type { TrainingConfig } from '../../config/training.js';
import { PRIVATE_STATE } from '../../domain/observation.js';
import { horizonAt } from '../../domain/horizons.js';
import type { RandomStream } from '../../domain/ports.js';
import { columnsOf, joinColumns, restoreColumns, type Columns } from '../columns.js';
import type { Environment } from '../environment/create-environment.js';
import { chooseBins, epsilonAt } from '../exploration.js';
import type { Learner, NamedTensor } from '../learner.js';
import { createRandom, restoreRandom } from '../random.js';
import { createNStep } from '../replay/n-step.js';
import { createReplayBuffer } from '../replay/replay-buffer.js';
import { assertBounded, assertFinite } from './health.js';
import type { VolatilityTarget } from './volatility-target.js';
import { createStatistics, type TrainingStatistics } from './statistics.js';

export interface TrainerOptions {
  readonly learner: Learner;
  /** With hindsight; one lane for each parallel episode. */
  readonly environment: Environment;
  readonly config: TrainingConfig;
  readonly volatility: VolatilityTarget;
  /** What rewards are multiplied by (`rewardScale`). */
  readonly rewardScale: number;
}

export interface TrainingFigures extends TrainingStatistics {
  /** Environment steps of all parallel episodes together. */
  readonly step: number;
  readonly gradientSteps: number;
  readonly epsilon: number;
  readonly bufferSize: number;
}

/** All that a resumed training needs to go on with the same bits. Columns are views that hold until the next step. */
export interface TrainerState {
  readonly step: number;
  readonly gradientSteps: number;
  readonly random: Readonly<Record<RandomUse, readonly number[]>>;
  readonly columns: Columns;
  readonly tensors: readonly NamedTensor[];
}

type RandomUse = 'exploration' | 'sessions' | 'replay';

/** A training in memory, moved on one step of all lanes at a time. */
export interface Trainer {
  /** Environment steps so far. */
  step(): number;
  figures(): TrainingFigures;
  /** Acts in every lane, stores what came of it, and takes the gradient steps that are due. Throws `TrainingDiverged`. */
  advance(): void;
  state(): TrainerState;
  /** Throws `RangeError` when the state is of other settings. */
  restore(state: TrainerState): void;
}

/** A training from its start: every lane in a session drawn by the seed. Equal seeds and data give equal bits. */
export const createTrainer = ({ learner, environment, config, volatility, rewardScale }: TrainerOptions): Trainer => {
  const { now, lanes, sessions } = environment;
  const { environment: task, priority, batchSize, trainEvery, seed, nStep: steps, agent, hindsight } = config;
  const replay = createReplayBuffer({
    capacity: config.bufferSize,
    batchSize,
    alpha: priority.enabled ? priority.alpha : null,
    volatility,
  });
  const nStep = createNStep({ lanes, steps, gamma: agent.gamma, replay });
  const statistics = createStatistics(lanes);
  const price = new Int32Array(lanes);
  const quantity = new Int32Array(lanes);
  /** By then the replay holds a batch, whatever the configured warm-up. */
  const firstGradientAt = Math.max(warmUpSteps(config), batchSize + lanes * steps);
  let exploration = createRandom(seed, 'exploration');
  let sessionDraws = createRandom(seed, 'sessions');
  let replayDraws = createRandom(seed, 'replay');
  let step = 0;
  let gradientSteps = 0;

  const startSession = (lane: number): void => {
    const session = sessionDraws.integer(sessions.length);
    environment.reset(lane, session, drawHorizon(hindsight, sessionDraws));
  };
  for (let lane = 0; lane < lanes; lane++) startSession(lane);

  const live = (): void => {
    const values = learner.act(now.bar, now.privateState);
    const epsilon = epsilonAt(config.epsilon, step);
    chooseBins(values.price, task.priceBins, epsilon, exploration, price);
    chooseBins(values.quantity, task.quantityBins, epsilon, exploration, quantity);
    for (let lane = 0; lane < lanes; lane++)
      nStep.decide(lane, now.bar[lane]!, now.privateState, lane * PRIVATE_STATE.length, price[lane]!, quantity[lane]!);
    const outcome = environment.step(price, quantity);
    for (let lane = 0; lane < lanes; lane++) {
      const done = outcome.done[lane] === 1;
      const reward = outcome.trainingReward[lane]! * rewardScale;
      nStep.arrive(lane, reward, done, now.bar[lane]!, now.privateState, lane * PRIVATE_STATE.length);
      statistics.lived(lane, outcome);
      if (done) startSession(lane);
    }
    step += lanes;
  };

  const learn = (): void => {
    const beta = priority.betaStart + (priority.betaEnd - priority.betaStart) * Math.min(1, step / config.trainSteps);
    const result = learner.step(replay.sample(replayDraws, beta));
    gradientSteps++;
    assertFinite(gradientSteps, result);
    replay.update(result.tdErrors);
    statistics.learned(result);
    assertBounded(gradientSteps, statistics.smoothedQLoss(), agent.gamma);
  };

  return {
    step: () => step,
    figures: () => ({ step, gradientSteps, epsilon: epsilonAt(config.epsilon, step), bufferSize: replay.size(), ...statistics.read() }),
    advance() {
      live();
      while (step >= firstGradientAt && gradientSteps < Math.floor((step - firstGradientAt) / trainEvery)) learn();
    },
    state: () => ({
      step,
      gradientSteps,
      random: { exploration: exploration.state(), sessions: sessionDraws.state(), replay: replayDraws.state() },
      columns: joinColumns({ lanes: now, nStep: nStep.state(), replay: replay.state(), statistics: statistics.state() }),
      tensors: learner.state(),
    }),
    restore(state) {
      restoreColumns(now, columnsOf(state.columns, 'lanes'));
      nStep.restore(columnsOf(state.columns, 'nStep'));
      replay.restore(columnsOf(state.columns, 'replay'));
      statistics.restore(columnsOf(state.columns, 'statistics'));
      learner.load(state.tensors);
      exploration = restoreRandom(state.random.exploration);
      sessionDraws = restoreRandom(state.random.sessions);
      replayDraws = restoreRandom(state.random.replay);
      ({ step, gradientSteps } = state);
    },
  };
};

/** How far the next episode looks ahead; a single horizon takes nothing from the stream. */
const drawHorizon = ({ shortestHorizon, horizon }: TrainingConfig['hindsight'], draws: RandomStream): number =>
  shortestHorizon === undefined ? horizon : horizonAt({ shortest: shortestHorizon, longest: horizon }, draws.uniform());

/** Environment steps before the first gradient step: what is configured, or min(10,000, 10 % of the budget). */
const warmUpSteps = (config: TrainingConfig): number => config.warmUpSteps ?? Math.min(10_000, Math.ceil(config.trainSteps / 10));
