import type { RandomStream } from '../../domain/ports.js';

export interface SessionMix {
  /** Sessions, oldest first. */
  readonly sessions: number;
  /** The first that the parent has not learned from; null where there is no parent, or none such. */
  readonly firstNew: number | null;
  /** Of episodes, from 0 to 1, that are played in new sessions; null for as many as they are. */
  readonly newShare: number | null;
}

/** Draws an episode's session: from the new ones with the set probability, else from the old ones, each kind evenly; from all alike where nothing is set or either kind is missing. */
export const sessionDraw = ({ sessions, firstNew, newShare }: SessionMix): ((random: RandomStream) => number) => {
  if (firstNew === null || newShare === null || firstNew <= 0 || firstNew >= sessions) return (random) => random.integer(sessions);
  return (random) => (random.uniform() < newShare ? firstNew + random.integer(sessions - firstNew) : random.integer(firstNew));
};
