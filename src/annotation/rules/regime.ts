import { percent, type AnnotationRule } from '../trade-facts.js';

/** Whether the market was unusually wild or quiet. */
export const regime: AnnotationRule = ({ volatility, pnl }, usual) => {
  const ordinary = usual?.volatility ?? null;
  if (volatility === null || ordinary === null || ordinary === 0 || pnl === 0) return null;
  const times = volatility / ordinary;
  const said = `volatility was ${percent(volatility)} a year, ${times.toFixed(1)} times the usual ${percent(ordinary)}`;
  if (times > 1.5) return { lesson: pnl > 0 ? 'This idea works in a wild market' : 'Stand aside in a wild market', because: said };
  if (times < 0.67)
    return { lesson: pnl > 0 ? 'This idea works in a quiet market' : 'A quiet market does not move enough for this idea', because: said };
  return null;
};
