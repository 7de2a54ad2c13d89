import type { MarketRegime } from '../domain/market/market-regime.js';
import type { ModelBundle } from '../domain/model/model.js';
import type { LiveModel } from '../domain/model/production.js';
import type { DecisionRequest, FlatReason, RecentMarket } from './decision.js';

/** What the policy server holds every model to. */
export interface ServingLimits {
  /** Lets a baseline act. */
  readonly serveUnproven: boolean;
  /** A model registered longer ago, in milliseconds, acts flat; none does unless given. */
  readonly expiresAfterMs?: number;
  /** On bars that closed longer ago than this many of their lengths a model acts flat, unless it is simulated; none does unless given. */
  readonly staleAfterBars?: number;
}

/** A model that answers; `regime` is the one that it may answer in, undefined where in all. */
interface Answering {
  readonly live: LiveModel;
  readonly bundle: ModelBundle;
  readonly regime: MarketRegime | undefined;
}

/** Why an answer must be flat whatever the model says, the gravest reason first; null when it need not. */
export const reasonToBeFlat = (
  { live, bundle, regime }: Answering,
  { sessionReturn = 0 }: Pick<DecisionRequest, 'sessionReturn'>,
  market: RecentMarket | null,
  { serveUnproven, expiresAfterMs = Infinity, staleAfterBars = Infinity }: ServingLimits,
  { halted, now, finite }: { readonly halted: boolean; readonly now: number; readonly finite: boolean },
): FlatReason | null => {
  if (halted) return 'halted';
  if (!finite) return 'notFinite';
  if (market !== null && (regime ?? market.regime) !== market.regime) return 'otherRegime';
  if (live.role === 'baseline' && !serveUnproven) return 'unproven';
  if (live.expiredAt !== null || now - Date.parse(live.registeredAt) > expiresAfterMs) return 'expired';
  if (-sessionReturn > bundle.environment.lossLimit) return 'lossLimit';
  if (market === null) return null;
  const asOf = market.bars.closeTime.at(-1) ?? -Infinity;
  if (!bundle.simulated && now - asOf > staleAfterBars * bundle.observation.frequencyMs) return 'stale';
  return asOf >= market.sessionClose ? 'sessionEnd' : null; // a session ends flat, as in training
};
