/** The code and the machine that a model was made with. */
export interface MadeWith {
  /** Version of the product. */
  readonly version: string;
  /** SHA-256 over the code that a training passes through. */
  readonly code: string;
  /** SHA-256 of the locked versions of all packages; null where there is no lock file. */
  readonly packages: string | null;
  readonly node: string;
  readonly platform: string;
  /** Model of the processor: its instructions decide the last bits of a product of matrices. */
  readonly processor: string;
}

/** What differs between two makes, in words; none when the same bits may be expected. */
export const makeDifferences = (then: MadeWith, now: MadeWith): string[] =>
  (
    [
      ['version', 'Ratchet'],
      ['code', 'code'],
      ['packages', 'packages'],
      ['node', 'Node'],
      ['platform', 'platform'],
      ['processor', 'processor'],
    ] as const
  ).flatMap(([key, name]) => (then[key] === now[key] ? [] : [`${name} was ${short(then[key])} and is ${short(now[key])}`]));

const short = (value: string | null): string => (value === null ? 'not known' : /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value);
