import { createHash } from 'node:crypto';
import type { NamedTensor } from './learner.js';

/**
 * SHA-256 (hex) over the online network: name, shape and float32 values of each `online/…` tensor of a learner's state, in the order of their
 * names. Throws `RangeError` when there is none.
 */
export const weightsHash = (state: readonly NamedTensor[]): string => {
  const online = state.filter(({ name }) => name.startsWith('online/')).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (online.length === 0) throw new RangeError(`none of ${state.length} tensors is named online/…: expected the state of a learner`);
  const hash = createHash('sha256');
  for (const { name, shape, values } of online)
    hash.update(`${name} ${JSON.stringify(shape)}\n`).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
};
