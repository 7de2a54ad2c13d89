/** Ratchet's files have snake_case keys, its code camelCase ones: `batch_size` becomes `batchSize`, at every depth. */
export const camelKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(camelKeys);
  return value === null || typeof value !== 'object' ? value : camelMapping({ ...value });
};

/** `camelKeys` of a mapping. */
export const camelMapping = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).map(([key, inner]) => [camel(key), camelKeys(inner)]));

const camel = (key: string): string => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The other way about, for what goes out over HTTP: `batchSize` becomes `batch_size`. */
export const snakeKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(snakeKeys);
  return value === null || typeof value !== 'object' ? value : snakeMapping({ ...value });
};

/** `snakeKeys` of a mapping. */
export const snakeMapping = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([key, inner]) => [snake(key), snakeKeys(inner)]));

const snake = (key: string): string => key.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
