import { percent, type AnnotationRule } from '../trade-facts.js';

/** Whether the move was large enough to be worth its costs. */
export const costs: AnnotationRule = ({ path, pnl }) => {
  if (path === null) return null;
  const { captured } = path;
  const said = `the price moved ${percent(captured)} in the position's direction and the result was ${pnl.toFixed(2)} after costs`;
  if (captured > 0 && pnl < 0)
    return { lesson: 'Costs took the profit: trade only for moves that are larger than they are', because: said };
  if (captured > 2 * path.usual && pnl > 0) return { lesson: 'The move was worth its costs many times over', because: said };
  return null;
};
