import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { FeatureMatrix } from '../../learning/observation.js';

/** The bars of one instrument, with what training sees in them. */
export interface TrainedMarket {
  readonly instrument: Instrument;
  readonly bars: BarSeries;
  readonly matrix: FeatureMatrix;
  /** What is trained on; every decision in it has a whole observation of these bars. */
  readonly sessions: readonly BarRange[];
}

/** Several markets as one: the bars of each follow those of the one before. */
export interface JoinedMarkets extends Omit<TrainedMarket, 'instrument'> {
  /** All but the first, as they were, with the index of their first bar. */
  readonly others: readonly (TrainedMarket & { readonly offset: number })[];
  /** By session; absent where there is one market alone. */
  readonly instruments?: readonly Instrument[];
}

/** Joins markets in their order; bars and sessions of the first keep their indices. */
export const joinMarkets = (first: TrainedMarket, others: readonly TrainedMarket[]): JoinedMarkets => {
  if (others.length === 0) return { ...first, others: [] };
  const all = [first, ...others];
  const { bars, matrix } = first;
  const column = (name: 'openTime' | 'closeTime' | 'open' | 'high' | 'low' | 'close' | 'volume'): Float64Array =>
    join(all.map((market) => market.bars[name]), (length) => new Float64Array(length)); // prettier-ignore
  const starts = offsets(all.map((market) => market.bars.length));
  const ordinals = offsets(all.map((market) => (market.bars.session.at(-1) ?? -1) + 1));
  const length = starts.at(-1) ?? 0;
  return {
    bars: {
      ...bars,
      length,
      openTime: column('openTime'),
      closeTime: column('closeTime'),
      open: column('open'),
      high: column('high'),
      low: column('low'),
      close: column('close'),
      volume: column('volume'),
      session: join(all.map((market, at) => market.bars.session.map((ordinal) => ordinal + (ordinals[at] ?? 0))), (size) => new Int32Array(size)), // prettier-ignore
    },
    matrix: { ...matrix, rows: length, values: join(all.map((market) => market.matrix.values), (size) => new Float32Array(size)) }, // prettier-ignore
    sessions: all.flatMap((market, at) =>
      market.sessions.map(({ from, to }) => ({ from: from + (starts[at] ?? 0), to: to + (starts[at] ?? 0) })),
    ),
    others: others.map((market, at) => ({ ...market, offset: starts[at + 1] ?? 0 })),
    instruments: all.flatMap(({ instrument, sessions }) => sessions.map(() => instrument)),
  };
};

/** Where each of several parts begins when they follow one another, and where the last ends. */
const offsets = (lengths: readonly number[]): number[] =>
  lengths.reduce((starts, length) => [...starts, (starts.at(-1) ?? 0) + length], [0]);

const join = <T extends Float64Array | Float32Array | Int32Array>(parts: readonly T[], create: (length: number) => T): T => {
  const starts = offsets(parts.map(({ length }) => length));
  const joined = create(starts.at(-1) ?? 0);
  parts.forEach((part, at) => joined.set(part, starts[at]));
  return joined;
};
