import { exampleKind, type AnnotatedTrade } from './annotated-trade.js';
import { answerTo, chatExample, situationOf, type ChatExample } from './chat-example.js';
import { createKnownThen } from './known-then.js';
import { withoutNearDuplicates } from './near-duplicates.js';

/** An example with the trade that it is made of. */
export interface FineTuningRow {
  readonly id: string;
  readonly decidedAt: string;
  readonly example: ChatExample;
}

/** Examples to learn from, and later ones to test what was learned; oldest first. */
export interface FineTuningSet {
  readonly training: readonly FineTuningRow[];
  readonly heldOut: readonly FineTuningRow[];
  /** Decision of the oldest that is held out; null where there are none. */
  readonly heldOutFrom: string | null;
  readonly counts: FineTuningCounts;
}

export interface FineTuningCounts {
  readonly annotated: number;
  readonly highValue: number;
  readonly failed: number;
  /** Left out as equal, or nearly, to an older one. */
  readonly duplicates: number;
  /** Left out because they were decided before the held-out ones and closed after these began. */
  readonly purged: number;
}

/** Newest share that is held out. */
export const HELD_OUT = 0.2;

/** The fine-tuning set of annotated trades, of any instruments and in any order. */
export const fineTuningSet = (trades: readonly AnnotatedTrade[]): FineTuningSet => {
  const ordered = [...trades].sort(byDecision);
  const highValue = ordered.filter((trade) => exampleKind(trade) === 'highValue');
  const failed = ordered.filter((trade) => exampleKind(trade) === 'failed');
  const kept = [...distinct(highValue), ...distinct(failed)].sort(byDecision);
  const heldOutFrom = kept[kept.length - Math.ceil(kept.length * HELD_OUT)]?.decidedAt ?? null;
  const isHeldOut = ({ decidedAt }: AnnotatedTrade): boolean => heldOutFrom !== null && decidedAt >= heldOutFrom;
  const earlier = kept.filter((trade) => !isHeldOut(trade));
  const training = earlier.filter(({ closedAt }) => heldOutFrom === null || closedAt < heldOutFrom);
  const rowOf = rowsOf(trades);
  return {
    training: training.map(rowOf),
    heldOut: kept.filter(isHeldOut).map(rowOf),
    heldOutFrom,
    counts: {
      annotated: trades.length,
      highValue: highValue.length,
      failed: failed.length,
      duplicates: highValue.length + failed.length - kept.length,
      purged: earlier.length - training.length,
    },
  };
};

/** The first of all that are nearly equal; opposite answers to one situation are no duplicates, so each kind is asked for by itself. */
const distinct = (trades: readonly AnnotatedTrade[]): AnnotatedTrade[] =>
  withoutNearDuplicates(trades.map(essenceOf)).flatMap((at) => trades[at] ?? []);

/** What two examples are compared by: the proposal and the answer, at whatever time and after whatever history. */
const essenceOf = (trade: AnnotatedTrade): string => `${situationOf({ ...trade, decidedAt: '' })}\n${answerTo(trade)}`;

const rowsOf = (trades: readonly AnnotatedTrade[]): ((trade: AnnotatedTrade) => FineTuningRow) => {
  const instruments = new Set(trades.map(({ instrument }) => instrument));
  const known = new Map(
    [...instruments].map((instrument) => [instrument, createKnownThen(trades.filter((trade) => trade.instrument === instrument))]),
  );
  return (trade) => {
    const { id, instrument, decidedAt } = trade;
    const knownThen = known.get(instrument)?.(decidedAt) ?? { closed: [], lessons: [] };
    return { id, decidedAt, example: chatExample(trade, knownThen) };
  };
};

const byDecision = (a: AnnotatedTrade, b: AnnotatedTrade): number =>
  a.decidedAt === b.decidedAt ? (a.id < b.id ? -1 : 1) : a.decidedAt < b.decidedAt ? -1 : 1;
