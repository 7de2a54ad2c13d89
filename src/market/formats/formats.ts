import type { BarFormat } from './bar-format.js';
import { binanceKlines } from './binance-klines.js';
import { nt8Day, nt8Minute } from './nt8.js';
import { ohlcvCsv } from './ohlcv-csv.js';

/** Every kind of file that is read. The first that recognises a file reads it; no two may claim the same lines. */
export const barFormats = [nt8Minute, nt8Day, binanceKlines, ohlcvCsv] as const satisfies readonly BarFormat[];
