import { escapeHtml } from '../html.js';
import { at, type Scale } from './scale.js';

/** Size and margins of a chart, in units of the drawing, which grows with the page. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A chart as wide as the page, and one that has another beside it. */
export const wide: Frame = { width: 960, height: 270, left: 64, right: 16, top: 12, bottom: 28 };
export const narrow: Frame = { width: 470, height: 230, left: 40, right: 22, top: 12, bottom: 28 };

/** A drawing with its name for those who hear the page. */
export const drawing = (label: string, { width, height }: Pick<Frame, 'width' | 'height'>, content: readonly string[]): string =>
  [`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">`, ...content, '</svg>'].join('\n');

/** Horizontal lines with their numbers at the left. */
export const horizontals = ({ width, left, right }: Frame, { ticks, place }: Scale, format: (value: number) => string): string[] =>
  ticks.map(
    (tick) =>
      `<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${left}" x2="${width - right}" y1="${at(place(tick))}" y2="${at(place(tick))}"/>` +
      `<text class="tick" x="${left - 8}" y="${at(place(tick) + 4)}" text-anchor="end">${escapeHtml(format(tick))}</text>`,
  );

/** Words below the chart, the outer ones kept inside. */
export const below = ({ width, height, left, right }: Frame, marks: readonly { readonly x: number; readonly text: string }[]): string[] =>
  marks.map(({ x, text }) => {
    const anchor = x < left + 8 ? 'start' : x > width - right - 8 ? 'end' : 'middle';
    return `<text class="tick" x="${at(x)}" y="${height - 8}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;
  });
