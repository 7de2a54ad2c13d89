import { instrumentId } from '../../domain/market/instrument.js';

/** What a file's name says: whose bars it holds, and why they are not used if they are not; or nothing. */
export type FileName = { readonly instrument: string; readonly unused?: string } | null;

/** NinjaTrader: `ES 12-26.Last.txt`, `ES ##-##.Last.txt`, `MSFT.Last.txt`. */
const NT8 = /^([A-Za-z0-9^$&]+)(?: (?:\d\d-\d\d|##-##))?\.(Last|Bid|Ask)\.(?:txt|csv)$/i;
/** freqtrade and its like: `BTC_USDT-5m.csv`, `BTC_USDT-5m-spot.csv`. */
const PAIR = /^([A-Za-z0-9]+)_([A-Za-z0-9]+)(?:_[A-Za-z0-9]+)?-\d+[a-zA-Z]{1,2}(?:[-_].*)?\.(?:csv|txt)$/;
/** Binance's archive: `BTCUSDT-1m-2024-01.csv`. */
const ARCHIVE = /^([A-Z0-9]{5,20})-\d+[a-zA-Z]{1,2}-\d{4}-\d\d(?:-\d\d)?\.csv$/;

/** Tells an instrument from a file name (without folder); null when the name does not say, and it is then never guessed. */
export const instrumentOfFile = (fileName: string): FileName => {
  const nt8 = NT8.exec(fileName);
  if (nt8?.[1] !== undefined && nt8[2] !== undefined) {
    const side = nt8[2].toLowerCase();
    const instrument = instrumentId(nt8[1].replace(/[^A-Za-z0-9]/g, ''));
    return side === 'last' ? { instrument } : { instrument, unused: `${side} prices are not used yet: training reads Last` };
  }
  const pair = PAIR.exec(fileName);
  if (pair?.[1] !== undefined && pair[2] !== undefined) return { instrument: instrumentId(`${pair[1]}/${pair[2]}`) };
  const archive = ARCHIVE.exec(fileName);
  return archive?.[1] === undefined ? null : { instrument: instrumentId(archive[1]) };
};
