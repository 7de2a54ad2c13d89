/** What is traded, with everything that turns a fill into money. */
export interface Instrument {
  readonly id: string;
  /** Smallest price step, in price units. */
  readonly tickSize: number;
  /** Currency per point of price and lot of one (a future's contract multiplier; 1 for spot). */
  readonly multiplier: number;
  /** Smallest tradable quantity; positions are whole multiples. */
  readonly lotSize: number;
  /** Commission as a fraction of notional, per side. */
  readonly feeRate: number;
  /** Commission in currency per unit of quantity, per side. */
  readonly feePerUnit: number;
  /** Slippage of an order that takes liquidity, in hundredths of a per cent of price. */
  readonly slippageBps: number;
  /** Price impact, in hundredths of a per cent, of an order that takes the whole volume of a bar; the square root of the share taken scales it. None by default. */
  readonly impactBps?: number;
  /** Quoted spread in ticks; half of it is paid by an order that takes liquidity. */
  readonly spreadTicks: number;
  /** Name of a trading calendar in `configs/calendars`. */
  readonly calendar: string;
  /** Whether the source stamps a bar with its open or its close. */
  readonly stamp: 'open' | 'close';
  /** Set on what the simulator wrote, and shown with every number that comes of it. */
  readonly simulated: boolean;
}

const INSTRUMENT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export class InvalidInstrumentId extends Error {
  override readonly name = 'InvalidInstrumentId';
  constructor(readonly value: string) {
    super(
      `instrument id ${JSON.stringify(value)} is not valid: expected 1 to 64 of letters, digits, ".", "_" and "-", starting with a letter or digit (BTC/USDT is written BTC-USDT)`,
    );
  }
}

/** The id of an instrument from how people write it: `BTC/USDT` and `BTC USDT` become `BTC-USDT`. Throws `InvalidInstrumentId`. */
export const instrumentId = (written: string): string => {
  const id = written.trim().replace(/[/\s:]+/g, '-');
  if (!INSTRUMENT_ID.test(id)) throw new InvalidInstrumentId(written);
  return id;
};
