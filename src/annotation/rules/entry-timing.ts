import { percent, type AnnotationRule } from '../trade-facts.js';

/** Whether the price went the position's way first. */
export const entryTiming: AnnotationRule = ({ path }) => {
  if (path === null || path.favourable + path.adverse === 0) return null;
  const { favourable, adverse, barsToFavourable, barsToAdverse } = path;
  const said = `the price went ${percent(adverse)} against the position after ${barsToAdverse} bars and ${percent(favourable)} for it after ${barsToFavourable}`;
  if (adverse < favourable / 4) return { lesson: 'Good entry timing: the price hardly went against the position', because: said };
  if (adverse > favourable && barsToAdverse < barsToFavourable)
    return { lesson: 'Entered too early: wait until the move against the position has ended', because: said };
  if (adverse > favourable && barsToAdverse > barsToFavourable)
    return { lesson: 'Entered too late: the move was over soon after the entry', because: said };
  return null;
};
