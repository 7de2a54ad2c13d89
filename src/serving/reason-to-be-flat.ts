import type { ModelBundle } from '../domain/model.js';
import type { LiveModel } from '../domain/production.js';
import type { DecisionRequest, FlatReason, RecentMarket } from './decision.js';

/** What the policy server holds every model to. Durations in milliseconds; none holds unless given. */
export interface ServingLimits {
  /** Lets a baseline act. */
  readonly serveUnproven: boolean;
  /** A model registered longer ago acts flat. */
  readonly expiresAfterMs?: number;
  /** On bars that closed longer ago a model acts flat. */
  readonly staleAfterMs?: number;
}

/** Why an answer must be flat whatever the model says, the gravest reason first; null when it need not. */
export const reasonToBeFlat = (
  { live, bundle }: { readonly live: LiveModel; readonly bundle: ModelBundle },
  { sessionReturn = 0 }: Pick<DecisionRequest, 'sessionReturn'>,
  market: RecentMarket | null,
  { serveUnproven, expiresAfterMs = Infinity, staleAfterMs = Infinity }: ServingLimits,
  { halted, now }: { readonly halted: boolean; readonly now: number },
): FlatReason | null => {
  if (halted) return 'halted';
  if (live.role === 'baseline' && !serveUnproven) return 'unproven';
  if (now - Date.parse(live.registeredAt) > expiresAfterMs) return 'expired';
  if (-sessionReturn > bundle.environment.lossLimit) return 'lossLimit';
  if (market === null) return null;
  const asOf = market.bars.closeTime.at(-1) ?? -Infinity;
  if (now - asOf > staleAfterMs) return 'stale';
  return asOf >= market.sessionClose ? 'sessionEnd' : null; // a session ends flat, as in training
};
