import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Experience } from '../../domain/experience/experience.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { RoundTrip } from '../../domain/nt8/grid.js';
import { FieldRefused } from './complete-experience.js';
import { utcStamp } from './stamps.js';

/** Schema of round trips: their position, before the entry and after the exit. */
const SCHEMA = 'nt8-round-trip';

export interface RoundTripPlace {
  /** Ids of configured instruments with what they are. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** IANA name of the zone that the grid's times are in. */
  readonly timeZone: string;
  /** How many equal round trips came before this one. */
  readonly occurrence: number;
}

/** The experience of a round trip: its decision is that to enter, its reward the net return on the notional. Throws `FieldRefused`. */
export const roundTripExperience = (trip: RoundTrip, { instruments, timeZone, occurrence }: RoundTripPlace): Experience => {
  const instrument = instrumentOf(trip, instruments);
  const [entered, left] = [stampOf(trip.entryTime, timeZone), stampOf(trip.exitTime, timeZone)];
  if (left < entered) throw new FieldRefused('Exit time', `is ${left}, before its entry at ${entered}`);
  const pnl = netProfit(trip, instrument);
  return {
    id: `nt8-${createHash('sha256').update(roundTripKey(trip)).update(String(occurrence)).digest('hex').slice(0, 40)}`,
    instrument: instrument.id,
    timestamp: entered,
    decisionTime: entered,
    dataAsOf: null,
    schemaHash: SCHEMA,
    state: Float32Array.of(0),
    nextState: Float32Array.of(0),
    action: trip.side,
    branches: null,
    reward: pnl / (trip.entryPrice * trip.quantity * instrument.multiplier),
    done: true,
    marketConditions: null,
    rlConfidence: null,
    reasoningConfidence: null,
    tradeOutcome: { pnl, durationSeconds: (Date.parse(left) - Date.parse(entered)) / 1_000, action: trip.side === 1 ? 'BUY' : 'SELL' },
    insight: null,
    modelVersion: null,
    epsilon: null,
    propensity: null,
    fill: { price: trip.entryPrice, slippage: 0 }, // grids do not say what the price was that was hoped for
    episodeId: `nt8/${trip.account}/${entered.slice(0, 10)}`,
    source: 'reported',
  };
};

/** What tells one round trip from another, whichever grid it is read from. */
export const roundTripKey = ({ account, contract, side, quantity, entryTime, entryPrice, exitTime, exitPrice }: RoundTrip): string =>
  canonicalJson([account, contract, side, quantity, entryTime, entryPrice, exitTime, exitPrice]);

const instrumentOf = ({ contract }: RoundTrip, instruments: ReadonlyMap<string, Instrument>): Instrument => {
  const root = contract.split(/\s/)[0] ?? contract;
  const instrument = instruments.get(root);
  if (instrument !== undefined) return instrument;
  throw new FieldRefused(
    'Instrument',
    `is ${JSON.stringify(contract)}, and ${JSON.stringify(root)} is not configured here; known: ${[...instruments.keys()].join(', ') || 'none'}`,
  );
};

/** After all costs. The grid's profit, which is with or without them, must be that of its prices: else the multiplier or the currency is another. */
const netProfit = ({ side, quantity, entryPrice, exitPrice, costs, profit }: RoundTrip, { multiplier, tickSize }: Instrument): number => {
  const gross = side * (exitPrice - entryPrice) * quantity * multiplier;
  const net = Math.round((gross - costs) * 1e4) / 1e4; // both grids are to say the same
  const slack = 0.011 + (tickSize / 2) * quantity * multiplier; // averages of several fills are shown rounded
  if (profit === null || Math.abs(profit - gross) <= slack || Math.abs(profit - net) <= slack) return net;
  throw new FieldRefused(
    'Profit',
    `is ${profit}, but by its prices it is ${gross.toFixed(2)} (${net.toFixed(2)} after costs) with ${multiplier} a point: is the multiplier of the instrument right?`,
  );
};

const stampOf = (local: string, timeZone: string): string => {
  const stamp = utcStamp(local, timeZone);
  if (stamp === null) throw new FieldRefused('time', `${local} does not exist in ${timeZone}`);
  return stamp;
};
