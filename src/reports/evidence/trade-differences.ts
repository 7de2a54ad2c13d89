import type { Trade } from '../../domain/trade.js';

/** In which way two policies traded differently. */
export type DifferenceKind = 'same' | 'timing' | 'size' | 'price' | 'opposite' | 'candidateOnly' | 'productionOnly';

/** One trade of either policy beside what the other did then. */
export interface TradeDifference {
  readonly kind: DifferenceKind;
  readonly candidate: Trade | null;
  readonly production: Trade | null;
  /** Profit of the candidate's trade less that of production's, in currency. */
  readonly effect: number;
  /** What differs, in words. */
  readonly why: string;
}

/** The differences of one kind together. */
export interface DifferenceTotal {
  readonly kind: DifferenceKind;
  readonly count: number;
  readonly effect: number;
}

/**
 * Pairs the trades of two policies on the same sessions: each of the candidate's, in order of entry, with that trade of production's which overlaps it
 * longest, one on the same side first. Every trade of either is in exactly one difference, so the effects add up to the difference in profit.
 */
export const tradeDifferences = (candidate: readonly Trade[], production: readonly Trade[]): TradeDifference[] => {
  const free = new Map<number, Trade[]>();
  for (const trade of production) free.set(trade.session, [...(free.get(trade.session) ?? []), trade]);
  const paired = [...candidate].sort(byEntry).map((trade) => {
    const there = free.get(trade.session) ?? [];
    const other = longestOverlap(trade, there);
    if (other !== null) there.splice(there.indexOf(other), 1);
    return differenceOf(trade, other);
  });
  const left = [...free.values()].flat().sort(byEntry);
  return [...paired, ...left.map((trade) => differenceOf(null, trade))];
};

/** Differences by kind, largest effect first. */
export const totalsOf = (differences: readonly TradeDifference[]): DifferenceTotal[] =>
  [...new Set(differences.map(({ kind }) => kind))]
    .map((kind) => {
      const ofKind = differences.filter((difference) => difference.kind === kind);
      return { kind, count: ofKind.length, effect: ofKind.reduce((sum, { effect }) => sum + effect, 0) };
    })
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect) || (a.kind < b.kind ? -1 : 1));

const byEntry = (a: Trade, b: Trade): number => a.session - b.session || a.entryBar - b.entryBar || a.exitBar - b.exitBar;

const longestOverlap = (trade: Trade, others: readonly Trade[]): Trade | null => {
  let best: Trade | null = null;
  for (const other of others) {
    if (overlap(trade, other) <= 0) continue;
    const isBetter =
      best === null || (other.side === trade.side) !== (best.side === trade.side)
        ? other.side === trade.side || best === null
        : overlap(trade, other) > overlap(trade, best);
    if (isBetter) best = other;
  }
  return best;
};

/** Bars that both trades are open in. */
const overlap = (a: Trade, b: Trade): number => Math.min(a.exitBar, b.exitBar) - Math.max(a.entryBar, b.entryBar) + 1;

const differenceOf = (candidate: Trade | null, production: Trade | null): TradeDifference => ({
  ...(candidate === null ? unpaired('productionOnly') : production === null ? unpaired('candidateOnly') : compare(candidate, production)),
  candidate,
  production,
  effect: (candidate?.net ?? 0) - (production?.net ?? 0),
});

type Comparison = Pick<TradeDifference, 'kind' | 'why'>;

const unpaired = (kind: 'candidateOnly' | 'productionOnly'): Comparison => ({
  kind,
  why: kind === 'candidateOnly' ? 'only the candidate traded here' : 'the candidate stayed out of this one',
});

const compare = (candidate: Trade, production: Trade): Comparison => {
  if (candidate.side !== production.side) return { kind: 'opposite', why: 'the candidate took the other side' };
  const timing = [moved('entered', candidate.entryBar - production.entryBar), moved('left', candidate.exitBar - production.exitBar)];
  const size = candidate.units === production.units ? '' : candidate.units > production.units ? 'larger' : 'smaller';
  const why = [...timing, size].filter((part) => part !== '').join(', ');
  if (timing.some((part) => part !== '')) return { kind: 'timing', why };
  if (size !== '') return { kind: 'size', why };
  const isSame = candidate.entryPrice === production.entryPrice && candidate.exitPrice === production.exitPrice;
  return isSame ? { kind: 'same', why: 'nothing differs' } : { kind: 'price', why: 'filled at other prices' };
};

const moved = (verb: string, bars: number): string =>
  bars === 0 ? '' : `${verb} ${Math.abs(bars)} bar${Math.abs(bars) === 1 ? '' : 's'} ${bars < 0 ? 'earlier' : 'later'}`;
