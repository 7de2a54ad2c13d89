import type { BarSeries } from '../../domain/market/bars.js';
import type { QualityFinding } from '../../domain/market/quality.js';
import type { Calendar } from '../calendar.js';
import type { MergedBars } from '../ingest/merge-bars.js';

/** What the checks look at. */
export interface QualityInput extends Pick<MergedBars, 'bars' | 'sessions' | 'overlaps' | 'closedSession'> {
  readonly calendar: Calendar;
  readonly tickSize: number;
  /** Sums over the ingested files. */
  readonly ingested: { readonly lines: number; readonly repaired: number; readonly quarantined: number };
}

/** One thing that can be wrong with bars. */
export interface QualityCheck {
  readonly name: string;
  readonly run: (input: QualityInput) => Omit<QualityFinding, 'check'>;
}

export const EXAMPLES = 20;

/** Time of a bar's close for messages, ISO 8601. */
export const timeOf = (bars: BarSeries, bar: number): string => isoTime(bars.closeTime[bar] ?? NaN);

export const isoTime = (time: number): string => (Number.isFinite(time) ? new Date(time).toISOString() : 'unknown time');

/** A finding that lists bars: `wrong` says what is wrong with a bar, or null. */
export const findBars = (
  bars: BarSeries,
  wrong: (bar: number) => string | null,
  message: (affected: number) => string,
): Omit<QualityFinding, 'check'> => {
  const examples: string[] = [];
  let affected = 0;
  for (let bar = 0; bar < bars.length; bar++) {
    const problem = wrong(bar);
    if (problem === null) continue;
    affected++;
    if (examples.length < EXAMPLES) examples.push(`${timeOf(bars, bar)}: ${problem}`);
  }
  return { affected, of: bars.length, message: affected === 0 ? '' : message(affected), examples };
};
