const MINUS = '−';

/** A number with so many decimals and thin groups of thousands, the same on every machine; a dash for none. */
export const number = (value: number | null, decimals = 2): string => {
  if (value === null) return '–';
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');
  const isZero = Number(`${whole}.${fraction ?? 0}`) === 0;
  return `${value < 0 && !isZero ? MINUS : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
};

/** A share of one in percent. */
export const percent = (share: number | null, decimals = 2): string => (share === null ? '–' : `${number(share * 100, decimals)}\u202f%`);

/** A round number at an axis, with the decimals that it has, three at most. */
export const mark = (value: number): string => number(value, decimalsOf(value));

/** A mark in percent. */
export const percentMark = (share: number): string => percent(share, decimalsOf(share * 100));

const decimalsOf = (value: number): number => [0, 1, 2].find((decimals) => Math.abs(Number(value.toFixed(decimals)) - value) < 1e-6) ?? 3;

/** A moment without its milliseconds, in UTC. */
export const moment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
