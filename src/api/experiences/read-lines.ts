/** A line that is longer than any record may be. */
export interface LongLine {
  readonly bytes: number;
}

const NEWLINE = 0x0a;

/** More than was allowed was sent; what came before it was read. */
export class StreamTooLarge extends Error {
  override readonly name = 'StreamTooLarge';
  constructor(most: number) {
    super(`the body is larger than ${most} bytes: send the rest in another request`);
  }
}

export interface LineLimits {
  /** Bytes of a line, and of all. */
  readonly line: number;
  readonly total: number;
}

/** The lines of a stream of UTF-8 in groups as they come, the last one also without its end. Long lines are told by their length and not kept. Throws `StreamTooLarge`. */
export async function* readLineGroups(
  chunks: AsyncIterable<Uint8Array>,
  { line: longest, total: most }: LineLimits,
): AsyncGenerator<readonly (string | LongLine)[]> {
  let begun: Buffer[] = [];
  let length = 0;
  let total = 0;
  const take = (piece: Buffer): void => {
    length += piece.length;
    if (length <= longest) begun.push(piece);
    else begun = [];
  };
  const finish = (): string | LongLine => {
    const line = length > longest ? { bytes: length } : Buffer.concat(begun).toString('utf8');
    [begun, length] = [[], 0];
    return line;
  };
  for await (const bytes of chunks) {
    total += bytes.length;
    if (total > most) throw new StreamTooLarge(most);
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const lines: (string | LongLine)[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      take(chunk.subarray(from, at));
      lines.push(finish());
      from = at + 1;
    }
    take(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [finish()];
}
