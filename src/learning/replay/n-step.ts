import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import { restoreColumns, type Columns } from '../columns.js';
import type { ReplayBuffer } from './replay-buffer.js';

export interface NStepOptions {
  readonly lanes: number;
  /** Steps that one return reaches over. */
  readonly steps: number;
  /** Discount per step. */
  readonly gamma: number;
  readonly replay: ReplayBuffer;
}

/** Gathers each lane's last steps into transitions over n steps: return = Σ γ^k r_k, discount = γ^n, or 0 where the episode ended. */
export interface NStep {
  /** Remembers the decision of `lane` at `bar`: its private state (four numbers at `offset`) and its action. */
  decide(lane: number, bar: number, privateState: Float32Array, offset: number, price: number, quantity: number): void;
  /** Adds what the decision earned and where it led, and appends to the replay what is complete: one transition, or at the end of an episode all that are left. */
  arrive(lane: number, reward: number, done: boolean, nextBar: number, nextPrivateState: Float32Array, offset: number): void;
  /** The unfinished transitions, as views that hold until the next decision. */
  state(): Columns;
  restore(state: Columns): void;
}

export const createNStep = ({ lanes, steps, gamma, replay }: NStepOptions): NStep => {
  const width = PRIVATE_STATE.length;
  const { columns } = replay;
  /** By lane, a ring of up to `steps` decisions, the oldest at `head`. */
  const pending = {
    bar: new Int32Array(lanes * steps),
    privateState: new Float32Array(lanes * steps * width),
    price: new Uint8Array(lanes * steps),
    quantity: new Uint8Array(lanes * steps),
    reward: new Float64Array(lanes * steps),
    head: new Int32Array(lanes),
    count: new Int32Array(lanes),
  };
  const ringSlot = (lane: number, age: number): number => lane * steps + ((pending.head[lane]! + age) % steps);

  const emitOldest = (lane: number, discount: number, nextBar: number, nextPrivateState: Float32Array, offset: number): void => {
    const count = pending.count[lane]!;
    let sum = 0;
    for (let age = count - 1; age >= 0; age--) sum = pending.reward[ringSlot(lane, age)]! + gamma * sum;
    const from = ringSlot(lane, 0);
    const slot = replay.append();
    columns.bar[slot] = pending.bar[from]!;
    columns.price[slot] = pending.price[from]!;
    columns.quantity[slot] = pending.quantity[from]!;
    columns.reward[slot] = sum;
    columns.nextBar[slot] = nextBar;
    columns.discount[slot] = discount;
    for (let i = 0; i < width; i++) {
      columns.privateState[slot * width + i] = pending.privateState[from * width + i]!;
      columns.nextPrivateState[slot * width + i] = nextPrivateState[offset + i]!;
    }
    pending.head[lane] = (pending.head[lane]! + 1) % steps;
    pending.count[lane] = count - 1;
  };

  return {
    decide(lane, bar, privateState, offset, price, quantity) {
      const slot = ringSlot(lane, pending.count[lane]!);
      pending.bar[slot] = bar;
      pending.price[slot] = price;
      pending.quantity[slot] = quantity;
      for (let i = 0; i < width; i++) pending.privateState[slot * width + i] = privateState[offset + i]!;
    },
    arrive(lane, reward, done, nextBar, nextPrivateState, offset) {
      pending.reward[ringSlot(lane, pending.count[lane]!)] = reward;
      pending.count[lane]!++;
      if (done) while (pending.count[lane]! > 0) emitOldest(lane, 0, nextBar, nextPrivateState, offset);
      else if (pending.count[lane] === steps) emitOldest(lane, gamma ** steps, nextBar, nextPrivateState, offset);
    },
    state: () => pending,
    restore: (state) => restoreColumns(pending, state),
  };
};
