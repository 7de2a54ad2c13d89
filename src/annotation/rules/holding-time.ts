import { minutes, type AnnotationRule } from '../trade-facts.js';

/** Whether the trade was held unusually long or short for what came of it. */
export const holdingTime: AnnotationRule = ({ durationSeconds, pnl }, usual) => {
  if (usual === null || usual.durationSeconds === 0 || pnl === 0) return null;
  const times = durationSeconds / usual.durationSeconds;
  const said = `held for ${minutes(durationSeconds)}, ${times.toFixed(1)} times the usual ${minutes(usual.durationSeconds)}`;
  if (pnl < 0 && times > 2) return { lesson: 'Cut losers sooner: this one was held long', because: said };
  if (pnl < 0 && times < 0.5) return { lesson: 'The loss was cut quickly', because: said };
  if (pnl > 0 && times > 2) return { lesson: 'Patience paid: the winner was let run', because: said };
  if (pnl > 0 && times < 0.5) return { lesson: 'A quick winner: see whether it could have run longer', because: said };
  return null;
};
