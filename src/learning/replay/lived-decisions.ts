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
  /** Where each was decided: 0 in the instrument's own market, n in the nth that shares its bars; absent where all are own. */
  readonly market?: Uint8Array;
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

/**
 * The own decisions and, by market, those of the others (null where one has none). Others are emphasised less where together they would weigh more
 * than the own ones. Without others, the own ones as they are.
 */
export const joinLivedDecisions = (own: LivedDecisions, others: readonly (LivedDecisions | null)[]): LivedDecisions => {
  const parts = [own, ...others].flatMap((decisions, market) => (decisions === null ? [] : [{ decisions, market }]));
  if (parts.length === 1) return own;
  const count = parts.reduce((sum, { decisions }) => sum + decisions.decidedAt.length, 0);
  const lessened = Math.min(1, weightOf([own]) / weightOf(others));
  const joined = { ...emptyLivedDecisions(count), market: new Uint8Array(count) };
  let row = 0;
  for (const { decisions, market } of parts) {
    const to = row + decisions.decidedAt.length;
    joined.decidedAt.set(decisions.decidedAt, row);
    joined.privateState.set(decisions.privateState, row * PRIVATE_STATE.length);
    joined.nextPrivateState.set(decisions.nextPrivateState, row * PRIVATE_STATE.length);
    joined.price.set(decisions.price, row);
    joined.quantity.set(decisions.quantity, row);
    joined.reward.set(decisions.reward, row);
    joined.done.set(decisions.done, row);
    joined.emphasis.set(market === 0 ? decisions.emphasis : decisions.emphasis.map((weight) => weight * lessened), row);
    joined.market.fill(market, row, to);
    row = to;
  }
  return joined;
};

const weightOf = (parts: readonly (LivedDecisions | null)[]): number =>
  parts.reduce((sum, part) => sum + (part?.emphasis.reduce((weight, one) => weight + one, 0) ?? 0), 0);

/** The decisions as a file; equal ones give equal bytes. */
export const encodeLivedDecisions = (decisions: LivedDecisions): Uint8Array =>
  writeSafetensors(Object.entries(columnsIn(decisions)).map(([name, values]) => ({ name, shape: [values.length], values })));

/** The decisions in a file. Throws `TensorFileInvalid`. */
export const decodeLivedDecisions = (file: Uint8Array): LivedDecisions => {
  const columns: Columns = Object.fromEntries(readSafetensors(file).map(({ name, values }) => [name, values]));
  const count = columns.decidedAt?.length ?? 0;
  const decisions = { ...emptyLivedDecisions(count), ...(columns.market && { market: new Uint8Array(count) }) };
  for (const [name, column] of Object.entries(columnsIn(decisions))) {
    const read = columns[name];
    if (read?.constructor !== column.constructor || read.length !== column.length)
      throw new TensorFileInvalid(`column ${name} of lived decisions is missing or of another kind or length`);
    column.set(read);
  }
  return decisions;
};

const columnsIn = (decisions: LivedDecisions): Columns => ({ ...decisions });
