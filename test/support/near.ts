import assert from 'node:assert/strict';

/** Asserts that two numbers agree to `tolerance`, relative to the expected one where that is larger than 1e-300, absolute at zero. */
export const near = (actual: number, expected: number, tolerance = 1e-9, what = ''): void => {
  const scale = expected === 0 ? 1 : Math.abs(expected);
  assert.ok(
    Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance * scale,
    `${what === '' ? '' : `${what}: `}got ${actual}, expected ${expected} within ${tolerance} of it`,
  );
};
