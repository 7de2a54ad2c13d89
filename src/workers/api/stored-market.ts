import type { Markets } from '../../activities/dependencies.js';
import { aggregateBars } from '../../market/aggregate.js';
import { joinClosingPrints } from '../../market/ingest/join-closing-prints.js';
import { commonestFrequency, mergeBars } from '../../market/ingest/merge-bars.js';
import type { IngestSummary } from '../../registry/files.js';
import type { Registry } from '../../registry/open-registry.js';
import type { PolicyServerOptions } from '../../serving/create-policy-server.js';
import type { RecentMarket } from '../../serving/decision.js';
import { recentMarket, sliceBars } from './recent-market.js';

export interface StoredMarketOptions {
  readonly markets: Markets;
  readonly registry: { readonly files: Pick<Registry['files'], 'ofInstrument'> };
  readonly barsFolder: string;
}

interface Stored {
  readonly barsFolder: string;
  readonly files: readonly IngestSummary[];
}

/** Bars that are handed on: more than any model's memory, look-back and sessions take at ordinary lengths. */
const KEPT = 8_192;

/**
 * The newest bars that were taken in, up to the last one that an order can follow in its session; null when there are none at the model's
 * length. They are read once for each state of the files, and only from those files that reach into what is kept.
 */
export const createStoredMarket = ({ markets, registry, barsFolder }: StoredMarketOptions): PolicyServerOptions['storedMarket'] => {
  const read = new Map<string, { readonly files: string; readonly market: Promise<RecentMarket | null> }>();
  return async (id, frequencyMs) => {
    const reports = (await registry.files.ofInstrument(id)).map(({ report }) => report);
    if (reports.length === 0) return null;
    const key = `${id} ${frequencyMs}`;
    const files = reports.map(({ sha256 }) => sha256).join();
    const known = read.get(key);
    if (known?.files === files) return known.market;
    const market = readNewest(markets, id, frequencyMs, { barsFolder, files: reports });
    read.set(key, { files, market });
    market.catch(() => read.delete(key));
    return market;
  };
};

/** Calendar time that the kept bars may span, over what they last: markets that open a fifth of the week are covered. */
const SPAN = 8;

const readNewest = async (
  markets: Markets,
  instrument: string,
  frequencyMs: number,
  { barsFolder, files }: Stored,
): Promise<RecentMarket | null> => {
  const storedMs = commonestFrequency(files);
  if (storedMs === null || frequencyMs % storedMs !== 0) return null;
  const calendar = markets.calendarOf(markets.instrument(instrument));
  const marketOf = async (used: Stored['files'], sinceMs: number): Promise<RecentMarket | null> => {
    const { bars: merged, sessions } = await mergeBars({ instrument, calendar, barsFolder, files: used, frequencyMs: storedMs });
    const bars = aggregateBars(joinClosingPrints(merged, sessions), sessions, frequencyMs);
    const isOver = (bars.closeTime.at(-1) ?? NaN) >= (sessions[bars.session.at(-1) ?? -1]?.close ?? NaN);
    const since = bars.closeTime.findIndex((stamp) => stamp > sinceMs + frequencyMs); // the bar that the border lies in may lack its begin
    const [from, to] = [since === -1 ? bars.length : since, isOver ? bars.length - 1 : bars.length];
    return recentMarket(sliceBars(bars, Math.max(from, bars.length - KEPT), to), sessions, sliceBars(bars, from, to));
  };
  const stored = files.filter((file) => file.frequencyMs === storedMs);
  const lastMs = Math.max(...stored.map(({ lastClose }) => Date.parse(lastClose)));
  const sinceMs = lastMs - SPAN * KEPT * frequencyMs;
  const recent = stored.filter(({ lastClose }) => Date.parse(lastClose) > sinceMs);
  const market = await marketOf(recent, sinceMs);
  return recent.length < stored.length && (market?.bars.length ?? 0) < KEPT - 1 ? marketOf(stored, -Infinity) : market;
};
