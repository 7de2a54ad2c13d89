import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
/** A longer line is cut; its reader is told by a `to - from` above this. */
export const MAX_LINE_BYTES = 64 * 1_024;

/** Gets each line as bytes [from, to) without its line end; the bytes are overwritten afterwards. Lines count from 1. */
export type LineHandler = (bytes: Uint8Array, from: number, to: number, line: number) => void;

export interface FileContent {
  readonly bytes: number;
  readonly sha256: string;
  readonly lines: number;
}

/**
 * Reads a file of any size line by line, LF or CRLF, a UTF-8 byte order mark skipped. `afterChunk` is awaited between chunks.
 * The lines are the same for every `chunkBytes`; a line over 64 KiB arrives with its first 64 KiB + 1 bytes.
 */
export const readLines = async (
  path: string,
  onLine: LineHandler,
  { chunkBytes = 1 << 20, afterChunk }: { readonly chunkBytes?: number; readonly afterChunk?: () => Promise<void> } = {},
): Promise<FileContent> => {
  const file = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(MAX_LINE_BYTES + 2 + chunkBytes);
    let kept = 0;
    let bytes = 0;
    let lines = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, kept, chunkBytes);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(kept, kept + bytesRead));
      bytes += bytesRead;
      const end = kept + bytesRead;
      let from = 0;
      for (let at = buffer.indexOf(LINE_FEED, kept); at >= 0 && at < end; at = buffer.indexOf(LINE_FEED, from)) {
        lines++;
        onLine(buffer, from + markLength(buffer, from, lines), withoutReturn(buffer, from, at), lines);
        from = at + 1;
      }
      kept = Math.min(end - from, MAX_LINE_BYTES + 2);
      buffer.copyWithin(0, from, from + kept);
      await afterChunk?.();
    }
    if (kept > 0) onLine(buffer, markLength(buffer, 0, ++lines), withoutReturn(buffer, 0, kept), lines);
    return { bytes, sha256: hash.digest('hex'), lines };
  } finally {
    await file.close();
  }
};

const withoutReturn = (buffer: Uint8Array, from: number, to: number): number =>
  Math.min(to > from && buffer[to - 1] === CARRIAGE_RETURN ? to - 1 : to, from + MAX_LINE_BYTES + 1);

const markLength = (buffer: Uint8Array, from: number, line: number): number =>
  line === 1 && BYTE_ORDER_MARK.every((byte, index) => buffer[from + index] === byte) ? BYTE_ORDER_MARK.length : 0;
