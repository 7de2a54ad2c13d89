import { open } from 'node:fs/promises';
import type { LineReader, RecogniseOptions } from '../formats/bar-format.js';
import { barFormats } from '../formats/formats.js';
import { IngestRefused } from '../formats/ingest-refused.js';

const HEAD_BYTES = 16_384;
const HEAD_LINES = 20;

export interface Recognised {
  readonly format: string;
  readonly reader: LineReader;
}

/** Finds how to read a file from its first 16 KB. Throws `IngestRefused`: empty, binary, of no known format, or without a needed time zone. */
export const recogniseFile = async (path: string, options: RecogniseOptions): Promise<Recognised> => {
  const head = await readHead(path);
  if (head.length === 0) throw new IngestRefused('empty', `${path} is empty: export it again`);
  if (head.includes(0)) {
    throw new IngestRefused('binary', `${path} is not a text file in ASCII or UTF-8: export bars as text, not as a binary or UTF-16 file`);
  }
  const lines = headLines(head);
  for (const format of barFormats) {
    const reader = format.recognise(lines, options);
    if (reader !== null) return { format: format.name, reader };
  }
  const known = barFormats.map(({ name }) => name).join(', ');
  throw new IngestRefused(
    'unknown-format',
    `${path} begins with ${JSON.stringify((lines[0] ?? '').slice(0, 120))}, which is none of ${known}: export minute bars, or give the file a header line such as timestamp,open,high,low,close,volume`,
  );
};

const readHead = async (path: string): Promise<Buffer> => {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

/** The first whole lines that are not blank; the only one of a file without line ends. */
const headLines = (head: Buffer): string[] => {
  const lines = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  if (lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== '').slice(0, HEAD_LINES);
};
