import type { Row } from '../formats/bar-format.js';

/** Why a parsed bar cannot be true, or null when it can. */
export const impossibleBar = ({ open, high, low, close, volume }: Row): string | null => {
  if (!(open > 0 && high > 0 && low > 0 && close > 0)) return `a price is not positive`;
  if (!(high < Infinity && volume < Infinity)) return `a number is not finite`;
  if (high < low) return `high ${high} is below low ${low}`;
  if (high < open || high < close) return `high ${high} is below open ${open} or close ${close}`;
  if (low > open || low > close) return `low ${low} is above open ${open} or close ${close}`;
  return volume < 0 ? `volume ${volume} is negative` : null;
};
