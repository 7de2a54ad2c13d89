import type { Markets } from '../../activities/dependencies.js';
import { aggregateBars } from '../../market/aggregate.js';
import { joinClosingPrints } from '../../market/ingest/join-closing-prints.js';
import { mergeBars } from '../../market/ingest/merge-bars.js';
import type { Registry } from '../../registry/open-registry.js';
import type { PolicyServerOptions } from '../../serving/create-policy-server.js';
import type { RecentMarket } from '../../serving/decision.js';
import { recentMarket, sliceBars } from './recent-market.js';

export interface StoredMarketOptions {
  readonly markets: Markets;
  readonly registry: { readonly files: Pick<Registry['files'], 'ofInstrument'> };
  readonly barsFolder: string;
}

/** Bars that are handed on: more than any model's memory, look-back and sessions take at ordinary lengths. */
const KEPT = 8_192;

/**
 * The newest bars that were taken in, up to the last one that an order can follow in its session; null when there are none at the model's
 * length. They are read once for each state of the files.
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

const readNewest = async (
  markets: Markets,
  instrument: string,
  frequencyMs: number,
  stored: Pick<Parameters<typeof mergeBars>[0], 'barsFolder' | 'files'>,
): Promise<RecentMarket | null> => {
  const { bars: merged, sessions } = await mergeBars({
    instrument,
    calendar: markets.calendarOf(markets.instrument(instrument)),
    ...stored,
  });
  if (frequencyMs % merged.frequencyMs !== 0) return null;
  const bars = aggregateBars(joinClosingPrints(merged, sessions), sessions, frequencyMs);
  const isOver = (bars.closeTime.at(-1) ?? NaN) >= (sessions[bars.session.at(-1) ?? -1]?.close ?? NaN);
  return recentMarket(sliceBars(bars, Math.max(0, bars.length - KEPT), isOver ? bars.length - 1 : bars.length), sessions);
};
