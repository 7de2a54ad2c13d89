import type { MarketRegime } from '../market/market-regime.js';

/** The bucket of a model that is trained without buckets. */
export const DEFAULT_BUCKET = 'default';

const PATTERN = /^[A-Za-z][A-Za-z0-9]{0,31}$/;

/** What a bucket may be called. */
export const bucketNames = {
  test: (name: string): boolean => PATTERN.test(name) && name !== DEFAULT_BUCKET,
  expected: `expected a letter, then at most 31 letters and digits, and not ${DEFAULT_BUCKET}`,
} as const;

/** The bucket of one regime's models: `ScalpingCalm`. */
export const regimeBucket = (bucket: string, regime: MarketRegime): string =>
  `${bucket}${regime.charAt(0).toUpperCase()}${regime.slice(1)}`;
