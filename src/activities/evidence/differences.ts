/** A place where two JSON values differ; null stands for what is missing, too. */
export interface Difference {
  /** Keys and indices from the root, with dots: `evidence.candidate.sharpe`. */
  readonly path: string;
  readonly given: unknown;
  readonly computed: unknown;
}

/** Compares two JSON values leaf by leaf; numbers must be equal to the last bit. */
export const differencesBetween = (
  given: unknown,
  computed: unknown,
): { readonly compared: number; readonly differences: Difference[] } => {
  const differences: Difference[] = [];
  let compared = 0;
  const compare = (path: string, one: unknown, other: unknown): void => {
    if (isObject(one) && isObject(other) && Array.isArray(one) === Array.isArray(other)) {
      for (const key of new Set([...Object.keys(one), ...Object.keys(other)]))
        compare(path === '' ? key : `${path}.${key}`, one[key], other[key]);
      return;
    }
    compared++;
    if (!Object.is(one, other)) differences.push({ path, given: one ?? null, computed: other ?? null });
  };
  compare('', given, computed);
  return { compared, differences };
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
