import { barsToCount } from '../bars-needed.js';
import { hold, pass } from '../finding.js';
import type { GateRule } from '../types.js';
import { count } from '../wording.js';

/** There are at least `evaluationEpisodes` sessions that the candidate never saw. */
export const episodes: GateRule = ({ sessions, bars, refused }, { evaluationEpisodes }) => {
  const missing = refused === undefined ? '' : ` ${count(refused.count)} others do not count: ${refused.reason}.`;
  const reason = `${count(sessions)} held-out sessions; at least ${count(evaluationEpisodes)} are asked for.${missing}`;
  const measured = { value: sessions, bound: evaluationEpisodes, reason };
  return sessions >= evaluationEpisodes ? pass(measured) : hold(measured, barsToCount(bars, sessions, evaluationEpisodes));
};
