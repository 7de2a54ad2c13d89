import type { AnnotationRule } from '../trade-facts.js';

const DIRECTION = { bullish: 1, bearish: -1, neutral: 0 } as const;

/** Whether the trade went with the trend of the 120 bars before it. */
export const againstTrend: AnnotationRule = ({ side, trend, pnl }) => {
  if (trend === null || trend === 'neutral' || pnl === 0) return null;
  const said = `${side === 1 ? 'bought' : 'sold'} in a ${trend} market, with a result of ${pnl.toFixed(2)}`;
  if (DIRECTION[trend] === side)
    return { lesson: pnl > 0 ? 'Trading with the trend paid' : 'The trend alone is no reason: it ended here', because: said };
  return { lesson: pnl > 0 ? 'Trading against the trend paid: it was about to turn' : 'Do not trade against the trend', because: said };
};
