import { median } from '../figure.js';

/** What several ways of doing the same came to, round by round. */
export interface Alternation {
  /** Median of a way's rates. */
  readonly rate: (way: string) => number;
  /** Median over the rounds of how many times the other's rate a way's is. */
  readonly times: (way: string, other: string) => number;
}

/** Measures each way once in every round, one after the other, so that whatever else the machine does hits all of them. One round goes before, uncounted. */
export const alternate = async (ways: Readonly<Record<string, () => number | Promise<number>>>, rounds: number): Promise<Alternation> => {
  const rates = new Map<string, number[]>(Object.keys(ways).map((way) => [way, []]));
  for (let round = -1; round < rounds; round++)
    for (const [way, measure] of Object.entries(ways)) {
      const rate = await measure();
      if (round >= 0) rates.get(way)!.push(rate);
    }
  return {
    rate: (way) => median(rates.get(way)!),
    times: (way, other) => median(rates.get(way)!.map((rate, round) => rate / rates.get(other)![round]!)),
  };
};
