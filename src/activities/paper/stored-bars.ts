import { sessionStarts, type BarRange, type BarSeries } from '../../domain/market/bars.js';
import { aggregateBars } from '../../market/aggregate.js';
import { mergeBars, NoBars } from '../../market/ingest/merge-bars.js';
import type { ActivityDependencies } from '../dependencies.js';

/** All bars of an instrument that were taken in, and how many of them belong to sessions that are over. */
export interface StoredBars {
  readonly bars: BarSeries;
  readonly over: BarRange;
}

/** The stored bars of an instrument at a model's length; null when there are none, or none that join to that length. */
export const readStoredBars = async (
  { registry, markets, folders }: Pick<ActivityDependencies, 'registry' | 'markets' | 'folders'>,
  instrument: string,
  frequencyMs: number,
): Promise<StoredBars | null> => {
  const files = (await registry.files.ofInstrument(instrument)).map(({ report }) => report);
  try {
    const calendar = markets.calendarOf(markets.instrument(instrument));
    const { bars: merged, sessions } = await mergeBars({ instrument, calendar, barsFolder: folders.bars, files });
    if (frequencyMs % merged.frequencyMs !== 0) return null;
    const bars = aggregateBars(merged, sessions, frequencyMs);
    const close = sessions[bars.session.at(-1) ?? -1]?.close ?? Infinity;
    const isOver = (bars.closeTime.at(-1) ?? -Infinity) >= close;
    return { bars, over: { from: 0, to: isOver ? bars.length : (sessionStarts(bars).at(-2) ?? 0) } };
  } catch (error) {
    if (error instanceof NoBars) return null;
    throw error;
  }
};
