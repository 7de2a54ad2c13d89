import { escapeHtml } from '../html.js';
import { drawing, narrow } from './frame.js';
import { at, linearScale } from './scale.js';

/** An estimate with its bounds. */
export interface Interval {
  readonly name: string;
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

const ROW = 34;
const LEFT = 110;
const BOTTOM = 26;

/** Estimates with their bounds, one below the other, and a line at zero. */
export const intervalChart = (label: string, intervals: readonly Interval[], format: (value: number) => string): string => {
  const values = intervals.flatMap(({ estimate, lower, upper }) => [estimate, lower, upper].filter((value) => value !== null));
  const height = intervals.length * ROW + BOTTOM;
  const x = linearScale(Math.min(0, ...values), Math.max(0, ...values), LEFT, narrow.width - narrow.right, 6);
  const grid = x.ticks.map(
    (tick) =>
      `<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${at(x.place(tick))}" x2="${at(x.place(tick))}" y1="0" y2="${height - BOTTOM}"/>` +
      `<text class="tick" x="${at(x.place(tick))}" y="${height - 8}" text-anchor="middle">${escapeHtml(format(tick))}</text>`,
  );
  const rows = intervals.map(({ name, estimate, lower, upper }, row) => {
    const y = at((row + 0.5) * ROW);
    const text = `<text class="name" x="${LEFT - 12}" y="${at((row + 0.5) * ROW + 4)}" text-anchor="end">${escapeHtml(name)}</text>`;
    if (estimate === null) return text;
    const tone = lower !== null && lower > 0 ? 'gain' : upper !== null && upper < 0 ? 'loss' : 'neutral';
    const span =
      lower === null || upper === null
        ? ''
        : `<line class="span ${tone}" x1="${at(x.place(lower))}" x2="${at(x.place(upper))}" y1="${y}" y2="${y}"/>`;
    return `${text}${span}<circle class="dot ${tone}" cx="${at(x.place(estimate))}" cy="${y}" r="5"/>`;
  });
  return drawing(label, { width: narrow.width, height }, [...grid, ...rows]);
};
