import type { TrainingConfig } from '../../config/sections/training.js';
import type { NetworkHealth } from '../../domain/model/network-health.js';
import type { HorizonWeight } from '../../domain/transfer/horizons.js';
import { columnsOf, joinColumns, type Columns } from '../columns.js';
import type { Environment } from '../environment/create-environment.js';
import type { Learner, NamedTensor } from '../learner.js';
import { createRandom, restoreRandom } from '../random.js';
import { createNStep } from '../replay/n-step.js';
import type { LivedTransitions } from '../replay/lived-transitions.js';
import { mixReplays } from '../replay/mix-replays.js';
import { createReplayBuffer } from '../replay/replay-buffer.js';
import { createCaretaker } from './caretaker.js';
import { livedRowsOf, replayLived } from './replay-lived.js';
import { createPlayer } from './player.js';
import type { OwnSessions } from './session-draw.js';
import type { TrainingStatistics } from './statistics.js';
import type { VolatilityTarget } from './volatility-target.js';

export interface TrainerOptions {
  readonly learner: Learner;
  /** With hindsight; one lane for each parallel episode. */
  readonly environment: Environment;
  readonly config: TrainingConfig;
  readonly volatility: VolatilityTarget;
  /** What rewards are multiplied by (`rewardScale`). */
  readonly rewardScale: number;
  /** The instrument's own among the environment's sessions, which come first; null, the default, where all are. */
  readonly own?: OwnSessions | null;
  /** Index of the environment's first session that the parent has not learned from; null, the default, for no such distinction. */
  readonly firstNewSession?: number | null;
  /** What episodes' horizons are drawn from; null, the default, for the configured range. */
  readonly horizons?: readonly HorizonWeight[] | null;
  /** What was traded, replayed beside what is simulated; null, the default, for none. */
  readonly lived?: LivedTransitions | null;
}

export interface TrainingFigures extends TrainingStatistics, NetworkHealth {
  /** Environment steps of all parallel episodes together. */
  readonly step: number;
  readonly gradientSteps: number;
  readonly epsilon: number;
  /** Of the next gradient step. */
  readonly learningRate: number;
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
export const createTrainer = ({
  learner,
  environment,
  config,
  volatility,
  rewardScale,
  own = null,
  firstNewSession = null,
  horizons = null,
  lived = null,
}: TrainerOptions): Trainer => {
  const { lanes } = environment;
  const { priority, batchSize, trainEvery, nStep: steps, agent } = config;
  const livedRows = lived === null ? 0 : livedRowsOf(config);
  const replay = createReplayBuffer({
    capacity: config.bufferSize,
    batchSize: batchSize - livedRows,
    alpha: priority.enabled ? priority.alpha : null,
    volatility,
  });
  const beside = lived === null || livedRows === 0 ? null : replayLived(lived, livedRows, config, volatility);
  const batches =
    beside === null
      ? replay
      : mixReplays([
          { source: replay, rows: batchSize - livedRows },
          { source: beside, rows: livedRows },
        ]);
  const nStep = createNStep({ lanes, steps, gamma: agent.gamma, replay });
  const player = createPlayer({
    act: (...state) => learner.act(...state),
    environment,
    config,
    volatility,
    rewardScale,
    recorder: nStep,
    own,
    firstNewSession,
    horizons,
  });
  const { statistics } = player;
  const caretaker = createCaretaker({ learner, config });
  /** By then the replay holds a batch, whatever the configured warm-up. */
  const firstGradientAt = Math.max(warmUpSteps(config), batchSize + lanes * steps);
  let replayDraws = createRandom(config.seed, 'replay');
  let step = 0;
  let gradientSteps = 0;

  const learn = (): void => {
    const beta = priority.betaStart + (priority.betaEnd - priority.betaStart) * Math.min(1, step / config.trainSteps);
    const batch = batches.sample(replayDraws, beta);
    const result = learner.step(batch);
    gradientSteps++;
    batches.update(result.tdErrors);
    statistics.learned(result);
    caretaker.learned(gradientSteps, result, batch);
  };

  return {
    step: () => step,
    figures: () => ({
      step,
      gradientSteps,
      epsilon: player.epsilon(step),
      learningRate: agent.learningRate,
      bufferSize: replay.size(),
      ...statistics.read(),
      ...caretaker.figures(),
    }),
    advance() {
      player.play(step);
      step += lanes;
      while (step >= firstGradientAt && gradientSteps < Math.floor((step - firstGradientAt) / trainEvery)) learn();
    },
    state: () => ({
      step,
      gradientSteps,
      random: { ...player.random(), replay: replayDraws.state() },
      columns: {
        ...player.columns(),
        ...caretaker.state(),
        ...joinColumns({ nStep: nStep.state(), replay: replay.state(), lived: beside?.state() ?? {} }),
      },
      tensors: learner.state(),
    }),
    restore(state) {
      nStep.restore(columnsOf(state.columns, 'nStep'));
      replay.restore(columnsOf(state.columns, 'replay'));
      beside?.restore(columnsOf(state.columns, 'lived'));
      player.restore(state.random, state.columns);
      caretaker.restore(state.columns);
      learner.load(state.tensors);
      replayDraws = restoreRandom(state.random.replay);
      ({ step, gradientSteps } = state);
    },
  };
};

/** Environment steps before the first gradient step: what is configured, or min(10,000, 10 % of the budget). */
const warmUpSteps = (config: TrainingConfig): number => config.warmUpSteps ?? Math.min(10_000, Math.ceil(config.trainSteps / 10));
