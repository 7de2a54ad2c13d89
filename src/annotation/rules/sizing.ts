import { percent, type AnnotationRule } from '../trade-facts.js';

const LARGE = 0.7;
const SMALL = 0.3;

/** Whether the size fitted the volatility and the outcome. */
export const sizing: AnnotationRule = ({ size, pnl, volatility }, usual) => {
  const ordinary = usual?.volatility ?? null;
  if (volatility === null || ordinary === null || ordinary === 0 || pnl === 0) return null;
  const times = volatility / ordinary;
  const said = `${percent(size)} of the largest position at a volatility of ${percent(volatility)}, ${times.toFixed(1)} times the usual`;
  if (pnl < 0 && size >= LARGE && times > 1.2) return { lesson: 'Trade smaller when volatility is high', because: said };
  if (pnl > 0 && size <= SMALL && times < 1) return { lesson: 'Trade larger when the market is quiet and the idea is good', because: said };
  if (pnl > 0 && size >= LARGE) return { lesson: 'Proper position sizing: a large position paid', because: said };
  if (pnl < 0 && size <= SMALL) return { lesson: 'Proper position sizing: the loss was kept small', because: said };
  return null;
};
