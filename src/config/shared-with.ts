import type { Instrument } from '../domain/market/instrument.js';
import { InvalidConfig } from './layers.js';
import { nearest } from './nearest.js';
import type { RatchetConfig } from './ratchet.js';

/** What is configured to be traded. */
export interface KnownInstruments {
  readonly ids: readonly string[];
  readonly instrument: (id: string) => Pick<Instrument, 'simulated'>;
}

/**
 * Asserts that each instrument of `shared_with` and those that it names are configured, that none names itself or another twice, and that real bars
 * and simulated ones are not mixed. Throws `InvalidConfig`.
 */
export const assertSharing = (sharedWith: RatchetConfig['sharedWith'], known: KnownInstruments): void => {
  for (const [id, others] of Object.entries(sharedWith)) {
    const problem = problemOf(id, others, known);
    if (problem !== null) throw new InvalidConfig(`shared_with.${id} is ${JSON.stringify(others)}: ${problem}`);
  }
};

const problemOf = (id: string, others: readonly string[], { ids, instrument }: KnownInstruments): string | null => {
  const unknown = [id, ...others].find((one) => !ids.includes(one));
  if (unknown !== undefined) {
    const meant = nearest(unknown, ids);
    return `${unknown} is not configured; ${meant === null ? `known are ${ids.join(', ')}` : `did you mean ${meant}?`}`;
  }
  if (others.includes(id)) return `${id} learns from its own bars anyway`;
  if (new Set(others).size < others.length) return 'each instrument may be named once';
  const mixed = others.find((other) => instrument(other).simulated !== instrument(id).simulated);
  return mixed === undefined ? null : `of ${id} and ${mixed} one is simulated and the other real`;
};
