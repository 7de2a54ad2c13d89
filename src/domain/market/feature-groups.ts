/** Short names for features that belong together; every other name is a feature's own. */
const groups: ReadonlyMap<string, readonly string[]> = new Map([
  ['price', ['return', 'range', 'closeLocation']],
  ['volume', ['relativeVolume', 'moneyFlow15']],
  ['ema', ['emaDistance']],
  ['ichimoku', ['ichimokuCross', 'ichimokuCloud']],
  ['fibonacci', ['fibonacci', 'fibonacciDirection']],
]);

/** The features behind names of features and groups, in order, each once. */
export const expandFeatures = (names: readonly string[]): string[] => [...new Set(names.flatMap((name) => groups.get(name) ?? [name]))];
