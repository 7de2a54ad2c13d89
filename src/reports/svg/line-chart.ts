import { below, drawing, horizontals, wide } from './frame.js';
import { at, linearScale } from './scale.js';

/** One line of a chart; `tone` is the name of its colour in the style. */
export interface Line {
  readonly name: string;
  readonly tone: string;
  readonly values: readonly number[];
}

export interface LineChart {
  readonly label: string;
  readonly lines: readonly Line[];
  /** ISO 8601, one for each value. */
  readonly times: readonly string[];
  readonly format: (value: number) => string;
  /** Fills the space between the first line and zero. */
  readonly filled?: boolean;
}

const MARKS = 5;

/** Lines over the same times. */
export const lineChart = ({ label, lines, times, format, filled = false }: LineChart): string => {
  const values = lines.flatMap((line) => line.values);
  const y = linearScale(Math.min(0, ...values), Math.max(0, ...values), wide.height - wide.bottom, wide.top);
  const inner = wide.width - wide.left - wide.right;
  const x = (index: number): number => wide.left + (times.length < 2 ? 0 : (index / (times.length - 1)) * inner);
  const pathOf = (line: Line): string => line.values.map((value, i) => `${i === 0 ? 'M' : 'L'}${at(x(i))} ${at(y.place(value))}`).join('');
  const [first] = lines;
  const area =
    filled && first !== undefined
      ? [
          `<path class="area ${first.tone}" d="${pathOf(first)}L${at(x(first.values.length - 1))} ${at(y.place(0))}L${at(x(0))} ${at(y.place(0))}Z"/>`,
        ]
      : [];
  const marks = Array.from({ length: Math.min(MARKS, times.length) }, (_, mark) => {
    const index = Math.round((mark * (times.length - 1)) / Math.max(1, Math.min(MARKS, times.length) - 1));
    return { x: x(index), text: (times[index] ?? '').slice(0, 10) };
  });
  return drawing(label, wide, [
    ...horizontals(wide, y, format),
    ...area,
    ...[...lines].reverse().map((line) => `<path class="line ${line.tone}" d="${pathOf(line)}"/>`),
    ...below(wide, marks),
  ]);
};
