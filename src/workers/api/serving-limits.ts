import type { RatchetConfig } from '../../config/ratchet.js';
import type { ServingLimits } from '../../serving/reason-to-be-flat.js';

/** The limits of serving as they are configured. */
export const servingLimits = ({ serveUnproven, expirationHours, staleAfterBars }: RatchetConfig['serving']): ServingLimits => ({
  serveUnproven,
  staleAfterBars,
  ...(expirationHours === undefined ? {} : { expiresAfterMs: expirationHours * 3_600_000 }),
});
