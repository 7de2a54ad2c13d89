/** A Markdown table; cells are kept short and cannot break it. Empty without rows. */
export const markdownTable = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : [line(header), line(header.map(() => '---')), ...rows.map((row) => line(row.map(cell)))].join('\n');

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 400);
