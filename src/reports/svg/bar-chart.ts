import { below, drawing, horizontals, narrow, wide } from './frame.js';
import { at, linearScale } from './scale.js';

/** Bars that stand beside each other at one place. */
export interface BarGroup {
  readonly name: string;
  readonly bars: readonly { readonly tone: string; readonly value: number }[];
}

/** Grouped bars from zero. */
export const barChart = (label: string, groups: readonly BarGroup[], format: (value: number) => string): string => {
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value));
  const y = linearScale(Math.min(0, ...values), Math.max(0, ...values), wide.height - wide.bottom, wide.top);
  const width = (wide.width - wide.left - wide.right) / Math.max(1, groups.length);
  const drawn = groups.flatMap(({ bars }, group) => {
    const each = Math.min(28, (width * 0.7) / Math.max(1, bars.length));
    const start = wide.left + (group + 0.5) * width - (each * bars.length) / 2;
    return bars.map(({ tone, value }, i) => bar(tone, start + i * each, each - 2, y.place(0), y.place(value)));
  });
  const marks = groups.map(({ name }, group) => ({ x: wide.left + (group + 0.5) * width, text: name }));
  return drawing(label, wide, [...horizontals(wide, y, format), ...drawn, ...below(wide, marks)]);
};

/** A histogram: touching bars with their edges named below. */
export const histogramChart = (
  label: string,
  edges: readonly number[],
  counts: readonly number[],
  format: (value: number) => string,
): string => {
  const y = linearScale(0, Math.max(1, ...counts), narrow.height - narrow.bottom, narrow.top, 4);
  const width = (narrow.width - narrow.left - narrow.right) / Math.max(1, counts.length);
  const x = (edge: number): number => narrow.left + edge * width;
  const drawn = counts.map((count, step) =>
    bar((edges[step] ?? 0) < -1e-12 ? 'loss' : 'gain', x(step) + 0.5, width - 1, y.place(0), y.place(count)),
  );
  const every = Math.max(1, Math.ceil(edges.length / 6));
  const zero = edges.findIndex((edge) => Math.abs(edge) < 1e-12);
  const marks = edges.flatMap((edge, i) => ((i - Math.max(0, zero)) % every === 0 ? [{ x: x(i), text: format(edge) }] : []));
  return drawing(label, narrow, [...horizontals(narrow, y, String), ...drawn, ...below(narrow, marks)]);
};

const bar = (tone: string, x: number, width: number, from: number, to: number): string =>
  `<rect class="bar ${tone}" x="${at(x)}" y="${at(Math.min(from, to))}" width="${at(Math.max(0.5, width))}" height="${at(Math.abs(to - from))}"/>`;
