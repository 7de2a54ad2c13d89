import type { BarSeries } from '../domain/market/bars.js';
import type { MarketRegime } from '../domain/market/market-regime.js';
import type { ProductionRole } from '../domain/model/production.js';

/** One bar as an executor sends it; the stamp is that of its close, epoch ms UTC. */
export interface BarRow {
  readonly closeTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Bars up to the decision, at the model's frequency, with the bounds of the session that the last one is in. Epoch ms UTC. */
export interface RecentMarket {
  readonly bars: BarSeries;
  readonly sessionOpen: number;
  readonly sessionClose: number;
  /** In which that session began; null where there are too few bars to tell. */
  readonly regime: MarketRegime | null;
}

/** What an executor asks with: recent bars, or a whole state vector; with neither, the newest stored bars are looked at. */
export interface DecisionRequest {
  readonly bars?: readonly BarRow[];
  readonly observation?: readonly number[];
  /** Notional held as a share of the largest position, signed; beyond ±1 when prices have moved. 0 unless given. */
  readonly position?: number;
  /** Net profit of the session so far as a share of cash; 0 unless given. */
  readonly sessionReturn?: number;
  /** Whether the answer is to say in which situation it is given. */
  readonly situation?: boolean;
}

/**
 * Why the answer is flat whatever the model says; `notFinite`: its values are no numbers; `otherRegime`: the session's regime is none that it was
 * trained in.
 */
export const flatReasons = ['halted', 'notFinite', 'otherRegime', 'unproven', 'expired', 'lossLimit', 'stale', 'sessionEnd'] as const;
export type FlatReason = (typeof flatReasons)[number];

export interface Decision {
  readonly instrument: string;
  readonly bucket: string;
  readonly version: string;
  readonly role: ProductionRole;
  /** True for a baseline: nothing has shown that it earns anything. */
  readonly unproven: boolean;
  readonly simulated: boolean;
  /** Target position in [-1, 1] of the largest. */
  readonly action: number;
  readonly branches: {
    readonly price: { readonly bin: number; readonly limitOffsetTicks: number };
    readonly quantity: { readonly bin: number; readonly targetPosition: number };
  };
  /** Softmax mass of the chosen bins: the product over the branches. */
  readonly confidence: number;
  /** Null when the model's own choice is given. */
  readonly flatBecause: FlatReason | null;
  /** In which the session began, where the model is one regime's; null when a state vector was sent. */
  readonly regime?: MarketRegime | null;
  /** Close of the newest bar, ISO 8601; null when a state vector was sent. */
  readonly dataAsOf: string | null;
  readonly latencyMs: number;
  /** The market's situation by the features of that name, where it was asked for; null where it cannot be told. */
  readonly situation?: { readonly name: string; readonly features: Float32Array } | null;
}

/** A request that cannot be answered; the message says what was sent, what was expected and what to do. */
export class UnanswerableRequest extends Error {
  override readonly name = 'UnanswerableRequest';
}

/** Nothing is live for the instrument and bucket. */
export class NothingServed extends Error {
  override readonly name = 'NothingServed';
  constructor(instrument: string, bucket: string) {
    super(`no version is live for ${instrument} in bucket ${bucket}: the first one is installed when its first training ends`);
  }
}
