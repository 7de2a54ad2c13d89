import type { TrainingConfig } from '../../config/sections/training.js';
import { horizonAt } from '../../domain/agent/horizons.js';
import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import type { RandomStream } from '../../domain/ports.js';
import { columnsOf, joinColumns, restoreColumns, type Columns } from '../columns.js';
import type { Environment } from '../environment/create-environment.js';
import { chooseBins } from '../exploration.js';
import type { Learner, QValues } from '../learner.js';
import { createRandom, restoreRandom } from '../random.js';
import { horizonOf, type HorizonWeight } from '../../domain/transfer/horizons.js';
import { createExplorer } from './explorer.js';
import { sessionDraw, type OwnSessions } from './session-draw.js';
import { createStatistics, type StatisticsKeeper } from './statistics.js';
import type { VolatilityTarget } from './volatility-target.js';

/** Takes down what is lived, lane by lane: first every lane's decision, then what came of each. */
export interface Recorder {
  /** The decision of `lane` at `bar`: its private state (four numbers at `offset`) and its action. */
  decide(lane: number, bar: number, privateState: Float32Array, offset: number, price: number, quantity: number): void;
  /** What the decision earned and where it led. */
  arrive(lane: number, reward: number, done: boolean, nextBar: number, nextPrivateState: Float32Array, offset: number): void;
}

export interface PlayerOptions {
  readonly act: Learner['act'];
  /** With hindsight; one lane for each parallel episode. */
  readonly environment: Environment;
  readonly config: TrainingConfig;
  readonly volatility: VolatilityTarget;
  /** What rewards are multiplied by (`rewardScale`). */
  readonly rewardScale: number;
  readonly recorder: Recorder;
  /** The instrument's own among the environment's sessions, which come first; null, the default, where all are. */
  readonly own?: OwnSessions | null;
  /** Index of the environment's first session that the parent has not learned from; null, the default, for no such distinction. */
  readonly firstNewSession?: number | null;
  /** What episodes' horizons are drawn from; null, the default, for the configured range. */
  readonly horizons?: readonly HorizonWeight[] | null;
}

/** Lives through parallel episodes, exploring. */
export interface Player {
  readonly statistics: StatisticsKeeper;
  /** Probability of a random bin in a market of mean volatility. */
  epsilon(step: number): number;
  /** Acts in every lane and lives through a bar; a lane that ended starts a session drawn by the seed. Returns the values that were acted on. */
  play(step: number): QValues;
  random(): { readonly exploration: readonly number[]; readonly sessions: readonly number[] };
  /** As views that hold until the next bar. */
  columns(): Columns;
  restore(random: ReturnType<Player['random']>, columns: Columns): void;
}

/** A player with every lane in a session drawn by the seed. */
export const createPlayer = (options: PlayerOptions): Player => {
  const { act, environment, config, volatility, rewardScale, recorder, own = null, firstNewSession = null, horizons = null } = options;
  const { now, lanes, sessions } = environment;
  const { environment: task, seed } = config;
  const statistics = createStatistics(lanes);
  const explorer = createExplorer({ lanes, config, volatility });
  const price = new Int32Array(lanes);
  const quantity = new Int32Array(lanes);
  let exploration = createRandom(seed, 'exploration');
  let sessionDraws = createRandom(seed, 'sessions');

  const draw = sessionDraw({ sessions: sessions.length, firstNew: firstNewSession, newShare: config.newDataShare, own });
  const startSession = (lane: number): void => {
    const session = draw(sessionDraws);
    environment.reset(
      lane,
      session,
      horizons === null ? drawHorizon(config.hindsight, sessionDraws) : horizonOf(horizons, sessionDraws.uniform()),
    );
  };
  for (let lane = 0; lane < lanes; lane++) startSession(lane);

  return {
    statistics,
    epsilon: (step) => explorer.typicalEpsilon(step),
    play(step) {
      const values = act(now.bar, now.privateState, true);
      const epsilon = (lane: number): number => explorer.epsilon(step, now.bar[lane]!);
      chooseBins(values.price, task.priceBins, epsilon, exploration, price);
      chooseBins(values.quantity, task.quantityBins, epsilon, exploration, quantity);
      for (let lane = 0; lane < lanes; lane++)
        recorder.decide(lane, now.bar[lane]!, now.privateState, lane * PRIVATE_STATE.length, price[lane]!, quantity[lane]!);
      const outcome = environment.step(price, quantity);
      for (let lane = 0; lane < lanes; lane++) {
        const done = outcome.done[lane] === 1;
        const reward = outcome.trainingReward[lane]! * rewardScale;
        recorder.arrive(lane, reward, done, now.bar[lane]!, now.privateState, lane * PRIVATE_STATE.length);
        statistics.lived(lane, outcome);
        explorer.lived(lane, outcome);
        if (done) startSession(lane);
      }
      return values;
    },
    random: () => ({ exploration: exploration.state(), sessions: sessionDraws.state() }),
    columns: () => joinColumns({ lanes: now, statistics: statistics.state(), explorer: explorer.state() }),
    restore(random, columns) {
      restoreColumns(now, columnsOf(columns, 'lanes'));
      statistics.restore(columnsOf(columns, 'statistics'));
      explorer.restore(columnsOf(columns, 'explorer'));
      exploration = restoreRandom(random.exploration);
      sessionDraws = restoreRandom(random.sessions);
    },
  };
};

/** How far the next episode looks ahead; a single horizon takes nothing from the stream. */
const drawHorizon = ({ shortestHorizon, horizon }: TrainingConfig['hindsight'], draws: RandomStream): number =>
  shortestHorizon === undefined ? horizon : horizonAt({ shortest: shortestHorizon, longest: horizon }, draws.uniform());
