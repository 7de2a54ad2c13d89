/** One parsed line; the reader hands in the same object for every line. `time` is the stamp as written, in epoch ms UTC. */
export interface Row {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  /** Why the line was mended, or null. */
  repair: string | null;
}

/** How the lines of one particular file are read. */
export interface LineReader {
  /** What the stamp marks; `instrument` leaves it to the instrument's setting. */
  readonly stamp: 'open' | 'close' | 'instrument';
  /** Lines before the first bar. */
  readonly headerLines: number;
  /** Length of a bar where the format fixes it, else null: then the commonest distance between stamps counts. */
  readonly frequencyMs: number | null;
  /** Reads bytes [from, to) into `row`; returns null, or why the line cannot be used. */
  readonly parse: (bytes: Uint8Array, from: number, to: number, row: Row) => string | null;
}

export interface RecogniseOptions {
  /** IANA zone of stamps that name none; null refuses them. */
  readonly timeZone: string | null;
}

/** A kind of text file that holds bars, recognised by its first lines and not by its name. */
export interface BarFormat {
  readonly name: string;
  /** How to read a file that begins with these lines (at most 20, without line ends), or null when they are not of this format. */
  readonly recognise: (head: readonly string[], options: RecogniseOptions) => LineReader | null;
}
