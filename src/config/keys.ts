/** Ratchet's files have snake_case keys, its code camelCase ones: `batch_size` becomes `batchSize`, at every depth. */
export const camelKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camelKeys);
  return value === null || typeof value !== 'object' ? value : camelMapping({ ...value });
};

/** `camelKeys` of a mapping. */
export const camelMapping = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).map(([key, inner]) => [camel(key), camelKeys(inner)]));

const camel = (key: string): string => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
