/** Text for the inside of elements and attributes. */
export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A cell: text, or text with a class. */
export type Cell = string | { readonly text: string; readonly tone: string };

/** A table; cells are escaped, and columns [from, to) hold numbers: all but the first unless given. */
export const table = (
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { from, to }: { readonly from: number; readonly to: number } = { from: 1, to: head.length },
): string => {
  const numeric = (column: number): string => (column >= from && column < to ? ' class="number"' : '');
  const cell = (value: Cell, column: number): string =>
    typeof value === 'string'
      ? `<td${numeric(column)}>${escapeHtml(value)}</td>`
      : `<td${numeric(column)}><span class="${value.tone}">${escapeHtml(value.text)}</span></td>`;
  return [
    '<div class="scroll"><table>',
    `<thead><tr>${head.map((name, column) => `<th${numeric(column)}>${escapeHtml(name)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`),
    '</tbody></table></div>',
  ].join('\n');
};

/** A part of a page under a heading, with a sentence on how to read it. */
export const section = (title: string, note: string, ...content: readonly string[]): string =>
  [
    '<section>',
    `<h2>${escapeHtml(title)}</h2>`,
    ...(note === '' ? [] : [`<p class="note">${escapeHtml(note)}</p>`]),
    ...content,
    '</section>',
  ].join('\n');

/** A figure among others at the head of a page, with what belongs to it. */
export const figure = (name: string, value: string, beside: string): string =>
  `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)} <small>${escapeHtml(beside)}</small></dd></div>`;

/** Names of the lines or bars of a chart in their colours. */
export const legend = (entries: readonly { readonly name: string; readonly tone: string }[]): string =>
  `<p class="legend">${entries.map(({ name, tone }) => `<span><i class="${tone}"></i>${escapeHtml(name)}</span>`).join('')}</p>`;

/** JSON that a page carries without being able to end its element. */
export const embeddedJson = (id: string, value: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`;

/** The JSON that `embeddedJson` put into a page; null when there is none. */
export const readEmbeddedJson = (id: string, page: string): string | null => {
  const opening = `<script type="application/json" id="${id}">`;
  const from = page.indexOf(opening);
  const to = page.indexOf('</script>', from);
  return from < 0 || to < 0 ? null : page.slice(from + opening.length, to);
};

/** A page that needs nothing else and may load nothing else. */
export const page = (title: string, style: string, body: readonly string[]): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
