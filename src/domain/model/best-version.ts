/** What versions can be compared by, and whether more of it is better. */
export const comparedBy = { sharpe: true, totalReturn: true, winRate: true, profitFactor: true, maxDrawdown: false } as const;

/** Name of a measure that versions can be compared by. */
export type ComparedBy = keyof typeof comparedBy;

export const isComparedBy = (name: string): name is ComparedBy => Object.hasOwn(comparedBy, name);

/** The version that was measured best on its own held-out sessions, the first where several were; null where none was measured. */
export const bestVersion = <Version>(
  versions: readonly Version[],
  metric: ComparedBy,
  valueOf: (version: Version) => number | null,
): Version | null => {
  const sign = comparedBy[metric] ? 1 : -1;
  let best: { readonly version: Version; readonly value: number } | null = null;
  for (const version of versions) {
    const value = valueOf(version);
    if (value !== null && Number.isFinite(value) && (best === null || sign * value > sign * best.value)) best = { version, value };
  }
  return best?.version ?? null;
};
