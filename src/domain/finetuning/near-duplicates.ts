/** Share of their word sequences that two texts have in common (Jaccard's index) from which they are near-duplicates. */
export const NEAR_DUPLICATE = 0.8;
/** Words of a sequence. */
const WORDS = 3;

/**
 * Which texts to keep, by position: the first of all that are near-duplicates of one another, that is, share at least 0.8 of their sequences of three
 * words, case aside and numbers read to two significant digits. Candidates are found by prefix filtering (Bayardo, Ma and Srikant 2007), which misses none.
 */
export const withoutNearDuplicates = (texts: readonly string[]): number[] => {
  const sets = texts.map(sequencesOf);
  const frequency = new Map<string, number>();
  for (const set of sets) for (const sequence of set) frequency.set(sequence, (frequency.get(sequence) ?? 0) + 1);
  const rarity = (sequence: string): number => frequency.get(sequence) ?? 0;
  const kept: number[] = [];
  const keptWith = new Map<string, number[]>();
  sets.forEach((set, at) => {
    const prefix = prefixOf(set, rarity);
    const candidates = new Set(prefix.flatMap((sequence) => keptWith.get(sequence) ?? []));
    for (const candidate of candidates) if (similarity(set, sets[candidate] ?? new Set()) >= NEAR_DUPLICATE) return;
    kept.push(at);
    for (const sequence of prefix) {
      const others = keptWith.get(sequence);
      if (others === undefined) keptWith.set(sequence, [at]);
      else others.push(at);
    }
  });
  return kept;
};

const sequencesOf = (text: string): ReadonlySet<string> => {
  const words = text
    .toLowerCase()
    .replace(/\d+(\.\d+)?/g, (number) => String(Number(Number(number).toPrecision(2))))
    .split(/[^\p{L}\p{N}.+-]+/u)
    .filter((word) => word !== '');
  const count = Math.max(1, words.length - WORDS + 1);
  return new Set(Array.from({ length: count }, (_, at) => words.slice(at, at + WORDS).join(' ')));
};

/** The rarest sequences of a set: two sets that are similar enough have at least one of these in common. */
const prefixOf = (set: ReadonlySet<string>, rarity: (sequence: string) => number): string[] =>
  [...set].sort((a, b) => rarity(a) - rarity(b) || (a < b ? -1 : 1)).slice(0, set.size - Math.ceil(NEAR_DUPLICATE * set.size) + 1);

const similarity = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  let common = 0;
  for (const sequence of a) if (b.has(sequence)) common++;
  return common / (a.size + b.size - common);
};
