import { percent, type AnnotationRule } from '../trade-facts.js';

/** How much of what the price offered was kept. */
export const exit: AnnotationRule = ({ path, pnl }) => {
  if (path === null || path.favourable < path.usual / 2) return null;
  const { captured, favourable } = path;
  const said = `of the ${percent(favourable)} that the price offered, the exit kept ${percent(captured)}`;
  if (captured >= 0.7 * favourable) return { lesson: 'Good exit: most of the move was kept', because: said };
  if (captured < 0.3 * favourable && pnl < 0)
    return { lesson: 'Take the profit: the price offered one and the trade ended without it', because: said };
  if (captured < 0.3 * favourable) return { lesson: 'Exit earlier once the move stalls: most of it was given back', because: said };
  return null;
};
