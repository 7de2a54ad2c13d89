import { PRIVATE_STATE } from '../../domain/observation.js';

/** Where each parallel episode stands. All of it is in a checkpoint. */
export interface Lanes {
  /** Index into the environment's sessions. */
  readonly session: Int32Array;
  /** Bar at whose close the next decision is made. */
  readonly bar: Int32Array;
  /** lanes × 4: what the agent sees besides the bars. */
  readonly privateState: Float32Array;
  /** Signed units held. */
  readonly units: Float64Array;
  /** Currency, marked at the bar's close; `cash` at the session's start. */
  readonly equity: Float64Array;
  /** 1 where the loss limit was passed: the next bar's open ends the session. */
  readonly stopping: Uint8Array;
  /** 1 where an episode is under way. */
  readonly active: Uint8Array;
}

export const createLanes = (lanes: number): Lanes => ({
  session: new Int32Array(lanes),
  bar: new Int32Array(lanes),
  privateState: new Float32Array(lanes * PRIVATE_STATE.length),
  units: new Float64Array(lanes),
  equity: new Float64Array(lanes),
  stopping: new Uint8Array(lanes),
  active: new Uint8Array(lanes),
});
