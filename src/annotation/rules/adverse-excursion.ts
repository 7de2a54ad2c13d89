import { percent, type AnnotationRule } from '../trade-facts.js';

/** Whether the position sat through a move against it that is unusual for its time. */
export const adverseExcursion: AnnotationRule = ({ path, pnl }) => {
  if (path === null || path.usual === 0) return null;
  const times = path.adverse / path.usual;
  const said = `the worst price was ${percent(path.adverse)} against the position, ${times.toFixed(1)} times what is usual over that time (${percent(path.usual)})`;
  if (times > 1.5 && pnl < 0) return { lesson: 'Give up earlier: the position sat through an unusual move against it', because: said };
  if (times > 1.5) return { lesson: 'It worked out after an unusual move against it: enter later or smaller', because: said };
  if (times < 0.25 && pnl < 0) return { lesson: 'The loss was taken while it was small', because: said };
  if (times < 0.25) return { lesson: 'The risk taken was small: the position was never far behind', because: said };
  return null;
};
