import type { BarSeries } from '../../domain/market/bars.js';
import { LookAhead } from './look-ahead.js';

/** When a session trades, epoch ms. */
export interface SessionHours {
  readonly open: number;
  readonly close: number;
}

export interface StampedBars {
  /** As they were read, before they are joined into longer ones; `bars.session` indexes `sessions`. */
  readonly bars: Pick<BarSeries, 'instrument' | 'length' | 'openTime' | 'closeTime' | 'session' | 'frequencyMs'>;
  readonly sessions: readonly SessionHours[];
  /** Close times of bars outside every session, as far as they were kept. */
  readonly outside: readonly number[];
}

/** Fewer whole sessions than this say nothing, and the share of them that says something. */
const FEWEST_SESSIONS = 3;
const SHARE = 0.8;

/**
 * Asserts that stamps mean what the configuration says. Bars must follow one another without overlapping. Where a market rests, stamps of the
 * bars' opens that are read as their closes show: a bar closes at the very open of the session, before anything has traded, and the last one is
 * missing at its close. Each decision would then know a bar more than it says. Throws `LookAhead`.
 */
export const assertStamps = ({ bars, sessions, outside }: StampedBars): void => {
  const { instrument, openTime, closeTime, session, frequencyMs } = bars;
  for (let bar = 0; bar < bars.length; bar++) {
    const before = bar === 0 ? -Infinity : closeTime[bar - 1]!;
    if (!(openTime[bar]! < closeTime[bar]! && openTime[bar]! >= before))
      throw new LookAhead(
        `bars of ${instrument} overlap: the one that closes at ${isoTime(closeTime[bar]!)} opens at ${isoTime(openTime[bar]!)}, before ${isoTime(before)}, where the one before it closed; sources with stamps of the open and of the close are mixed`,
      );
  }
  const lastClose = new Map<number, number>();
  for (let bar = 0; bar < bars.length; bar++) lastClose.set(session[bar]!, closeTime[bar]!);
  const dropped = new Set(outside);
  const early = [...lastClose].filter(
    ([ordinal, last]) => dropped.has(sessions[ordinal]?.open ?? NaN) && last === (sessions[ordinal]?.close ?? NaN) - frequencyMs,
  ).length;
  if (early >= FEWEST_SESSIONS && early >= SHARE * Math.min(lastClose.size, outside.length))
    throw new LookAhead(
      `the stamps of ${instrument} look like those of the bars' opens, but are read as closes: in ${early} of ${lastClose.size} sessions a bar closes at the very open and none at the close; set \`stamp: open\` for the instrument and ingest again`,
    );
};

const isoTime = (stamp: number): string => (Number.isFinite(stamp) ? new Date(stamp).toISOString() : 'the beginning');
