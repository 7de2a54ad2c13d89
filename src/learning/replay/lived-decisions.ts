import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import type { Columns } from '../columns.js';
import { readSafetensors, TensorFileInvalid, writeSafetensors } from '../safetensors.js';

/** Decisions that were traded, oldest first, as columns. */
export interface LivedDecisions {
  /** Close of the bar at which was decided, epoch ms. */
  readonly decidedAt: Float64Array;
  /** What was known besides the bars, before and after: decisions × 4. */
  readonly privateState: Float32Array;
  readonly nextPrivateState: Float32Array;
  readonly price: Uint8Array;
  readonly quantity: Uint8Array;
  /** Change of equity over cash, net of all costs. */
  readonly reward: Float64Array;
  readonly done: Uint8Array;
  /** How many times as often as others it is to be drawn, before errors are known. */
  readonly emphasis: Float64Array;
}

/** Columns for so many decisions. */
export const emptyLivedDecisions = (count: number): LivedDecisions => ({
  decidedAt: new Float64Array(count),
  privateState: new Float32Array(count * PRIVATE_STATE.length),
  nextPrivateState: new Float32Array(count * PRIVATE_STATE.length),
  price: new Uint8Array(count),
  quantity: new Uint8Array(count),
  reward: new Float64Array(count),
  done: new Uint8Array(count),
  emphasis: new Float64Array(count),
});

/** The decisions as a file; equal ones give equal bytes. */
export const encodeLivedDecisions = (decisions: LivedDecisions): Uint8Array =>
  writeSafetensors(Object.entries(columnsIn(decisions)).map(([name, values]) => ({ name, shape: [values.length], values })));

/** The decisions in a file. Throws `TensorFileInvalid`. */
export const decodeLivedDecisions = (file: Uint8Array): LivedDecisions => {
  const columns: Columns = Object.fromEntries(readSafetensors(file).map(({ name, values }) => [name, values]));
  const decisions = emptyLivedDecisions(columns.decidedAt?.length ?? 0);
  for (const [name, column] of Object.entries(columnsIn(decisions))) {
    const read = columns[name];
    if (read?.constructor !== column.constructor || read.length !== column.length)
      throw new TensorFileInvalid(`column ${name} of lived decisions is missing or of another kind or length`);
    column.set(read);
  }
  return decisions;
};

const columnsIn = (decisions: LivedDecisions): Columns => ({ ...decisions });
