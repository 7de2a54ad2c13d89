import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import { restoreColumns, type Columns } from '../columns.js';
import type { QValues } from '../learner.js';
import type { Recorder } from '../trainer/player.js';

/** What parallel episodes live through until it is learned from. Step t of lane l is row t × lanes + l of each column. */
export interface Rollout extends Recorder {
  readonly columns: ReturnType<typeof rolloutColumns>;
  /** Takes down what the states that the lanes were in are worth; ends the step, or follows the last one. */
  valued(values: QValues): void;
  /** Whether all steps are there, and only the value of the states after them is missing. */
  full(): boolean;
  clear(): void;
  /** Everything, as views that hold until the next step. */
  state(): Columns;
  restore(state: Columns): void;
}

export const createRollout = (lanes: number, steps: number): Rollout => {
  const columns = rolloutColumns(lanes, steps);
  const width = PRIVATE_STATE.length;
  const row = (lane: number): number => columns.filled[0]! * lanes + lane;
  return {
    columns,
    decide(lane, bar, privateState, offset, price, quantity) {
      const at = row(lane);
      columns.bar[at] = bar;
      columns.price[at] = price;
      columns.quantity[at] = quantity;
      for (let i = 0; i < width; i++) columns.privateState[at * width + i] = privateState[offset + i]!;
    },
    arrive(lane, reward, done) {
      columns.reward[row(lane)] = reward;
      columns.done[row(lane)] = done ? 1 : 0;
    },
    valued({ price, quantity }) {
      for (let lane = 0; lane < lanes; lane++)
        columns.value[row(lane)] = (largest(price, lane, lanes) + largest(quantity, lane, lanes)) / 2;
      columns.filled[0]!++;
    },
    full: () => columns.filled[0] === steps,
    clear: () => void columns.filled.fill(0),
    state: () => columns,
    restore: (state) => restoreColumns(columns, state),
  };
};

const rolloutColumns = (lanes: number, steps: number) => ({
  bar: new Int32Array(steps * lanes),
  privateState: new Float32Array(steps * lanes * PRIVATE_STATE.length),
  price: new Int32Array(steps * lanes),
  quantity: new Int32Array(steps * lanes),
  reward: new Float64Array(steps * lanes),
  done: new Uint8Array(steps * lanes),
  /** Mean over branches of the greatest Q-value, also of the states after the last step. */
  value: new Float64Array((steps + 1) * lanes),
  /** Steps that are there. */
  filled: new Int32Array(1),
});

/** The greatest of the values of row `lane` out of `lanes`. */
const largest = (values: Float32Array, lane: number, lanes: number): number => {
  const bins = values.length / lanes;
  let best = -Infinity;
  for (let i = lane * bins; i < (lane + 1) * bins; i++) if (values[i]! > best) best = values[i]!;
  return best;
};
