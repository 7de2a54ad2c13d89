import type { TrainingConfig } from '../../config/sections/training.js';
import { restoreColumns, type Columns } from '../columns.js';
import type { StepOutcome } from '../environment/outcome.js';
import { adaptedEpsilon, epsilonAt } from '../exploration.js';
import type { VolatilityTarget } from './volatility-target.js';

/** Episodes over which the newer and the older average of returns reach. */
const NEWER = 20;
const OLDER = 200;

export interface ExplorerOptions {
  readonly lanes: number;
  readonly config: Pick<TrainingConfig, 'agent' | 'epsilon' | 'hindsight'>;
  readonly volatility: VolatilityTarget;
}

/** How likely a lane takes a random bin. */
export interface Explorer {
  /** In a lane whose next decision is at the close of `bar`, at an environment step. */
  epsilon(step: number, bar: number): number;
  /** The same in a market of mean volatility. */
  typicalEpsilon(step: number): number;
  /** Takes note of what a lane has just lived through. */
  lived(lane: number, outcome: StepOutcome): void;
  /** Empty unless exploration adapts. */
  state(): Columns;
  restore(state: Columns): void;
}

/** Exploration by the agent's setting: by schedule, adapted to the volatility behind a bar and to the progress of returns, or left to noise. */
export const createExplorer = ({ lanes, config, volatility }: ExplorerOptions): Explorer => {
  const { agent, epsilon: schedule, hindsight } = config;
  if (agent.exploration === 'noisy') return steady(() => 0);
  if (agent.exploration === 'epsilon') return steady((step) => epsilonAt(schedule, step));

  const columns = {
    laneReturn: new Float64Array(lanes),
    /** Episodes, newer and older mean of their returns, and mean distance from the older one. */
    figures: new Float64Array(4),
  };
  const { laneReturn, figures } = columns;
  const progress = (): number => (figures[3]! > 0 ? (figures[1]! - figures[2]!) / figures[3]! : 0);
  /** Of the bars up to this one only: what the target, which looks ahead, was `horizon` bars ago. */
  const trailing = (bar: number): number => (bar < hindsight.horizon ? 0 : volatility(bar - hindsight.horizon, hindsight.horizon));
  const average = (at: number, value: number, reach: number): void => {
    // The plain mean at first, so that the first episode weighs no more than the others.
    figures[at]! += (value - figures[at]!) / Math.min(reach, figures[0]!);
  };
  return {
    epsilon: (step, bar) => adaptedEpsilon(schedule, step, trailing(bar), progress()),
    typicalEpsilon: (step) => adaptedEpsilon(schedule, step, 1, progress()),
    lived(lane, { reward, done }) {
      laneReturn[lane]! += reward[lane]!;
      if (done[lane] === 0) return;
      figures[0]!++;
      average(1, laneReturn[lane]!, NEWER);
      average(2, laneReturn[lane]!, OLDER);
      average(3, Math.abs(laneReturn[lane]! - figures[2]!), OLDER);
      laneReturn[lane] = 0;
    },
    state: () => columns,
    restore: (state) => restoreColumns(columns, state),
  };
};

const steady = (epsilon: (step: number) => number): Explorer => ({
  epsilon,
  typicalEpsilon: epsilon,
  lived: () => undefined,
  state: () => ({}),
  restore: () => undefined,
});
