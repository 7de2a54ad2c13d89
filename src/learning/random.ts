import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomStream } from '../domain/ports.js';

/** An independent stream for each (seed, name): streams of one seed share no numbers, so a new use of chance shifts no old one. */
export const createRandom = (seed: number, stream: string): RandomStream => {
  const digest = createHash('sha256').update(`${seed}/${stream}`).digest();
  return restoreRandom([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
};

/** The stream that continues exactly where `state()` was taken. Throws `RangeError` on anything but four 32-bit integers that are not all zero. */
export const restoreRandom = (state: readonly number[]): RandomStream => {
  if (state.length !== 4 || state.some((word) => word !== (word | 0)) || state.every((word) => word === 0))
    throw new RangeError(
      `random state ${JSON.stringify(state)} is not valid: expected four 32-bit integers, not all zero, as state() gives them`,
    );
  const generator = xoroshiro128plusFromState(state);
  const uniform = (): number => uniformFloat64(generator);
  return {
    uniform,
    // Box and Muller 1958; the second number is thrown away so that the generator's words are the whole state.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (bound) => {
      if (!Number.isSafeInteger(bound) || bound < 1)
        throw new RangeError(`bound ${bound} is not valid: expected a whole number of at least 1`);
      return uniformInt(generator, 0, bound - 1);
    },
    state: () => [...generator.getState()],
  };
};
