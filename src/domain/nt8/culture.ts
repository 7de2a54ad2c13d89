/** How a computer of some culture writes numbers and dates. */
export interface Culture {
  /** The number in a text with or without currency, groups and parentheses for minus; null where there is none. */
  readonly number: (written: string) => number | null;
  /** The local time in a text as `YYYY-MM-DDTHH:mm:ss`, without a zone; null where there is none. */
  readonly time: (written: string) => string | null;
}

/** The culture of a BCP 47 tag such as `en-US` or `de-DE`; null for a tag that is none. */
export const cultureOf = (tag: string): Culture | null => {
  try {
    const order = new Intl.DateTimeFormat(tag).formatToParts(0).map(({ type }) => type);
    const decimal = new Intl.NumberFormat(tag).formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
    return { number: (written) => numberIn(written, decimal), time: timeBy(order) };
  } catch {
    return null; // Intl throws a RangeError for what is no tag
  }
};

const numberIn = (written: string, decimal: string): number | null => {
  const bare = written.replace(/[^\d().,\-\u2212]/g, '').replace('\u2212', '-');
  const isNegative = bare.includes('-') || /^\(.*\)$/.test(bare);
  const digits = bare.replace(/[()-]/g, '');
  const [whole = '', fraction, ...more] = digits.split(decimal);
  if (more.length > 0 || !/\d/.test(digits) || /\D/.test(fraction ?? '') || !/^\d{0,3}([.,]?\d{3})*$|^\d+$/.test(whole)) return null;
  const value = Number(`${whole.replace(/\D/g, '')}.${fraction ?? '0'}`);
  return isNegative ? -value : value;
};

const TIME = /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})[\sT]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?(?:m\.?)?$/i;

/** Dates that begin with four digits are year, month and day in every culture; others have the culture's order. */
const timeBy =
  (order: readonly string[]) =>
  (written: string): string | null => {
    const [, a = '', b = '', c = '', hours = '', minutes = '', seconds = '00', half] = TIME.exec(written.trim()) ?? [];
    if (a === '') return null;
    const parts = a.length === 4 ? { year: a, month: b, day: c } : named(order, [a, b, c]);
    const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
    const iso = `${parts.year}-${two(parts.month)}-${two(parts.day)}T${two(String(hour))}:${minutes}:${seconds}`;
    const date = new Date(`${iso}Z`);
    return parts.year.length === 4 && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
  };

const named = (order: readonly string[], values: readonly string[]): Record<'year' | 'month' | 'day', string> => {
  const places = order.filter((type) => ['year', 'month', 'day'].includes(type));
  const of = (type: string): string => values[places.indexOf(type)] ?? '';
  return { year: of('year'), month: of('month'), day: of('day') };
};

const two = (digits: string): string => digits.padStart(2, '0');
