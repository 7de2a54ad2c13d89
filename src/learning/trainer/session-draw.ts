import type { BarRange } from '../../domain/market/bars.js';
import type { RandomStream } from '../../domain/ports.js';

export interface SessionMix {
  /** Sessions, oldest first; those of other instruments after the instrument's own. */
  readonly sessions: number;
  /** The first that the parent has not learned from; null where there is no parent, or none such. */
  readonly firstNew: number | null;
  /** Of the own episodes, from 0 to 1, that are played in new sessions; null for as many as they are. */
  readonly newShare: number | null;
  /** Null, the default, where all sessions are the instrument's own. */
  readonly own?: OwnSessions | null;
}

/** The instrument's own sessions among those that it trains on. */
export interface OwnSessions {
  readonly count: number;
  /** Of all episodes, that are played in them. */
  readonly share: number;
}

/** Of all decisions, that are taken in the instrument's own sessions, however many there are of others. */
export const LEAST_OWN_SHARE = 0.5;

/** The own sessions with as many episodes as they are of all, or so many more that at least half of all bars are played in them. */
export const ownSessions = (own: readonly BarRange[], others: readonly BarRange[]): OwnSessions => {
  const [ownBars, otherBars] = [meanLength(own), meanLength(others)];
  const least = (LEAST_OWN_SHARE * otherBars) / (LEAST_OWN_SHARE * otherBars + (1 - LEAST_OWN_SHARE) * ownBars);
  return { count: own.length, share: Math.max(least, own.length / (own.length + others.length)) };
};

/** Draws an episode's session: from the new ones with the set probability, else from the old ones, each kind evenly; from all alike where nothing is set or either kind is missing. */
export const sessionDraw = (mix: SessionMix): ((random: RandomStream) => number) => {
  const { sessions, own = null } = mix;
  if (own === null) return ownDraw(mix);
  const draw = ownDraw({ ...mix, sessions: own.count });
  return (random) => (random.uniform() < own.share ? draw(random) : own.count + random.integer(sessions - own.count));
};

const ownDraw = ({ sessions, firstNew, newShare }: SessionMix): ((random: RandomStream) => number) => {
  if (firstNew === null || newShare === null || firstNew <= 0 || firstNew >= sessions) return (random) => random.integer(sessions);
  return (random) => (random.uniform() < newShare ? firstNew + random.integer(sessions - firstNew) : random.integer(firstNew));
};

const meanLength = (sessions: readonly BarRange[]): number => sessions.reduce((sum, { from, to }) => sum + to - from, 0) / sessions.length;
