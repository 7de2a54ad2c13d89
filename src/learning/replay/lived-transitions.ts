import type { TrainingConfig } from '../../config/sections/training.js';
import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import { horizonOfInput } from '../../domain/agent/private-state.js';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { LivedDecisions } from './lived-decisions.js';
import { transitionColumns, type TransitionColumns } from './replay-buffer.js';

/** Transitions of what was traded, beside those of the simulated episodes. */
export interface LivedTransitions {
  readonly count: number;
  readonly columns: TransitionColumns;
  /** By transition: what its priority is multiplied by. */
  readonly emphasis: Float64Array;
}

/** Where decisions were taken. */
export interface LivedMarket {
  readonly bars: Pick<BarSeries, 'closeTime' | 'close'>;
  /** What is trained on. */
  readonly sessions: readonly BarRange[];
}

export interface LivedOptions extends LivedMarket {
  /** Those that share their bars, with the index that the first bar of each has in training. */
  readonly others?: readonly (LivedMarket & { readonly offset: number })[];
  readonly config: Pick<TrainingConfig, 'environment' | 'hindsight' | 'agent'>;
  /** What rewards are multiplied by. */
  readonly rewardScale: number;
}

/**
 * One-step transitions of the decisions that were taken at bars of the training sessions, in the reward of training: as the environment gives it, hindsight
 * included. All others are left out: of sessions that judge, of bars that are not in the dataset, of horizons or bins that the training does not know.
 * What is left of other markets weighs at most as much as what is left of the own; without any of the own, there are none.
 */
export const livedTransitions = (decisions: LivedDecisions, options: LivedOptions): LivedTransitions => {
  const { bars, sessions, others = [], config, rewardScale } = options;
  const own = { bars, sessions, offset: 0 };
  const markets = [own, ...others];
  const { environment: task, hindsight, agent } = config;
  const width = PRIVATE_STATE.length;
  const columns = transitionColumns(decisions.decidedAt.length);
  const emphasis = new Float64Array(decisions.decidedAt.length);
  const isOwn = new Uint8Array(decisions.decidedAt.length);
  let count = 0;
  for (let i = 0; i < decisions.decidedAt.length; i++) {
    const market = markets[decisions.market?.[i] ?? 0];
    if (market === undefined) continue;
    const { closeTime, close } = market.bars;
    const bar = barClosingAt(closeTime, decisions.decidedAt[i]!);
    const session = market.sessions.find(({ from, to }) => bar >= from && bar + 1 < to);
    const horizon = horizonOfInput(decisions.privateState[i * width + HORIZON]!);
    const isKnown =
      horizon >= 1 && horizon <= hindsight.horizon && decisions.price[i]! < task.priceBins && decisions.quantity[i]! < task.quantityBins;
    if (session === undefined || !isKnown) continue;
    const next = bar + 1;
    const ahead = Math.min(next + horizon, session.to - 1);
    const held = decisions.done[i] === 1 ? 0 : decisions.nextPrivateState[i * width + POSITION]! * task.maxPosition;
    const bonus = hindsight.weight * held * (close[ahead]! / close[next]! - 1);
    columns.bar[count] = market.offset + bar;
    columns.nextBar[count] = market.offset + next;
    columns.price[count] = decisions.price[i]!;
    columns.quantity[count] = decisions.quantity[i]!;
    columns.reward[count] = (decisions.reward[i]! + bonus) * rewardScale;
    columns.discount[count] = decisions.done[i] === 1 ? 0 : agent.gamma;
    columns.privateState.set(decisions.privateState.subarray(i * width, (i + 1) * width), count * width);
    columns.nextPrivateState.set(decisions.nextPrivateState.subarray(i * width, (i + 1) * width), count * width);
    emphasis[count] = decisions.emphasis[i]!;
    isOwn[count] = market === own ? 1 : 0;
    count++;
  }
  const balanced = balance(emphasis.subarray(0, count), isOwn);
  return { count: balanced === null ? 0 : count, columns, emphasis: balanced ?? emphasis };
};

/** Emphasis with which others' transitions together weigh at most as much as the own ones; null where no own one is left. */
const balance = (emphasis: Float64Array, isOwn: Uint8Array): Float64Array | null => {
  const weightOf = (own: 0 | 1): number => emphasis.reduce((sum, one, row) => (isOwn[row] === own ? sum + one : sum), 0);
  const [own, others] = [weightOf(1), weightOf(0)];
  if (own === 0) return null;
  return others <= own ? emphasis : emphasis.map((one, row) => (isOwn[row] === 1 ? one : (one * own) / others));
};

const POSITION = PRIVATE_STATE.indexOf('position');
const HORIZON = PRIVATE_STATE.indexOf('horizon');

/** The bar that closes at exactly that time; -1 where none does. */
const barClosingAt = (closeTime: Float64Array, time: number): number => {
  let [from, to] = [0, closeTime.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (closeTime[middle]! < time) from = middle + 1;
    else to = middle;
  }
  return closeTime[from] === time ? from : -1;
};
