import type { AnnotatedTrade } from './annotated-trade.js';

/** What was known of an instrument's trading at a moment. */
export interface KnownThen {
  /** Trades whose outcomes were known, newest first. */
  readonly closed: readonly AnnotatedTrade[];
  /** Lessons that somebody had drawn by then, newest first, each once. */
  readonly lessons: readonly string[];
}

/** Trades, and lessons, that are shown at most. */
const SHOWN = 5;

/** Says what of these trades of one instrument was known before a moment (ISO 8601): outcomes after the close of the trade, lessons after their writing. */
export const createKnownThen = (trades: readonly AnnotatedTrade[]): ((moment: string) => KnownThen) => {
  const closed = inOrder(trades, ({ closedAt }) => closedAt);
  const taught = inOrder(trades, ({ closedAt, annotatedAt }) => (closedAt > annotatedAt ? closedAt : annotatedAt));
  return (moment) => {
    const end = countBefore(closed, moment);
    return {
      closed: closed
        .slice(Math.max(0, end - SHOWN), end)
        .map(({ trade }) => trade)
        .reverse(),
      lessons: newestLessons(taught, countBefore(taught, moment)),
    };
  };
};

interface Known {
  readonly at: string;
  readonly trade: AnnotatedTrade;
}

/** Oldest first; those of one moment by id. */
const inOrder = (trades: readonly AnnotatedTrade[], knownAt: (trade: AnnotatedTrade) => string): readonly Known[] =>
  trades
    .map((trade) => ({ at: knownAt(trade), trade }))
    .sort((a, b) => (a.at === b.at ? (a.trade.id < b.trade.id ? -1 : 1) : a.at < b.at ? -1 : 1));

/** How many of those in order were known before the moment. */
const countBefore = (known: readonly Known[], moment: string): number => {
  let [from, to] = [0, known.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((known[middle]?.at ?? moment) < moment) from = middle + 1;
    else to = middle;
  }
  return from;
};

const newestLessons = (taught: readonly Known[], end: number): string[] => {
  const lessons = new Set<string>();
  for (let at = end - 1; at >= 0 && lessons.size < SHOWN; at--)
    for (const lesson of taught[at]?.trade.lessons ?? []) if (lessons.size < SHOWN) lessons.add(lesson);
  return [...lessons];
};
