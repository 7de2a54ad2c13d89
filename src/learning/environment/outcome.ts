import type { Fills } from './fill-order.js';

/** What one step did, by lane. Money is in currency; gross - fee - spread - slippage - impact = net = reward × cash. */
export interface StepOutcome {
  /** The bar just lived through. */
  readonly bar: Int32Array;
  /** 1 where the session ended, flat and paid for. */
  readonly done: Uint8Array;
  /** Change of equity over `cash`, net of all costs. */
  readonly reward: Float64Array;
  /** `reward` plus the hindsight bonus: weight × the move over the horizon of the position held after the fill, over `cash`. */
  readonly trainingReward: Float64Array;
  /** Profit at reference prices, before costs. */
  readonly gross: Float64Array;
  readonly fee: Float64Array;
  readonly spread: Float64Array;
  readonly slippage: Float64Array;
  readonly impact: Float64Array;
  /** The order's fill: signed units (0 for none) and the price paid. */
  readonly filledUnits: Float64Array;
  readonly fillPrice: Float64Array;
  /** The close-out at the session's end: signed units (0 for none) and the price paid. */
  readonly closedUnits: Float64Array;
  readonly closePrice: Float64Array;
  /** Writes zeros for a lane without an episode. */
  rest(lane: number): void;
}

/** An outcome of nothing; what trades is written into `fills` and `closings`, whose columns it shows. */
export const createOutcome = (fills: Fills, closings: Fills): StepOutcome => {
  const lanes = fills.units.length;
  const columns = {
    bar: new Int32Array(lanes),
    done: new Uint8Array(lanes),
    reward: new Float64Array(lanes),
    trainingReward: new Float64Array(lanes),
    gross: new Float64Array(lanes),
    fee: fills.fee,
    spread: fills.spread,
    slippage: fills.slippage,
    impact: fills.impact,
    filledUnits: fills.units,
    fillPrice: fills.price,
    closedUnits: closings.units,
    closePrice: closings.price,
  };
  const all = Object.values(columns);
  const rest = (lane: number): void => {
    for (const values of all) values[lane] = 0;
  };
  return { ...columns, rest };
};
