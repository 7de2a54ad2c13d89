import { percent, type AnnotationRule } from '../trade-facts.js';

/** Whether a trade that was well ahead ended behind, or one that never was ahead was held all the same. */
export const favourableExcursion: AnnotationRule = ({ path, pnl }) => {
  if (path === null || path.usual === 0) return null;
  const { favourable, usual, captured } = path;
  const said = `it was ahead by ${percent(favourable)} at best, where ${percent(usual)} is usual over that time, and ended at ${percent(captured)}`;
  if (pnl < 0 && favourable > usual) return { lesson: 'Protect profits: a trade that was well ahead became a loss', because: said };
  if (pnl < 0 && favourable < usual / 4) return { lesson: 'The idea was wrong from the start: the trade was never ahead', because: said };
  if (pnl > 0 && favourable > 1.5 * usual) return { lesson: 'The direction was right: the price went unusually far', because: said };
  return null;
};
