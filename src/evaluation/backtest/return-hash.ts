import { createHash } from 'node:crypto';
import { endianness } from 'node:os';

/** SHA-256, in hex, of a series as little-endian float64. */
export const returnHash = (returns: Float64Array): string => {
  const bytes = Buffer.from(returns.slice().buffer);
  return createHash('sha256')
    .update(endianness() === 'LE' ? bytes : bytes.swap64())
    .digest('hex');
};
