/** A number as people read it: two decimals, or what it means that there is none. */
export const decimal = (value: number | null, digits = 2): string => (value === null ? 'not measurable' : value.toFixed(digits));

/** A fraction as a percentage with one decimal. */
export const percent = (value: number | null): string => (value === null ? 'not measurable' : `${(value * 100).toFixed(1)} %`);

/** A whole number with thousands separated, the same on every machine. */
export const count = (value: number): string =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
