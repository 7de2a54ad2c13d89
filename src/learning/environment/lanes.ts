import { PRIVATE_STATE } from '../../domain/agent/observation.js';

/** Where each parallel episode stands. All of it is in a checkpoint. */
export type Lanes = ReturnType<typeof createLanes>;

/** `lanes` idle episodes. */
export const createLanes = (lanes: number) => ({
  /** Index into the environment's sessions. */
  session: new Int32Array(lanes),
  /** How far ahead the episode looks, in bars. */
  horizon: new Int32Array(lanes),
  /** Bar at whose close the next decision is made. */
  bar: new Int32Array(lanes),
  /** lanes × 4: what the agent sees besides the bars. */
  privateState: new Float32Array(lanes * PRIVATE_STATE.length),
  /** Signed units held. */
  units: new Float64Array(lanes),
  /** Currency, marked at the bar's close; `cash` at the session's start. */
  equity: new Float64Array(lanes),
  /** 1 where the loss limit was passed: the next bar's open ends the session. */
  stopping: new Uint8Array(lanes),
  /** 1 where an episode is under way. */
  active: new Uint8Array(lanes),
});
