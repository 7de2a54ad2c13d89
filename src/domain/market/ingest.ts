/** A file in a watched folder that nobody writes any more. */
export interface FinishedFile {
  /** Path relative to the watched folder, separated by `/`. */
  readonly pathId: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly instrument: string;
}

/** A line that was not used, or was used after a repair, and why. Lines count from 1. */
export interface LineNote {
  readonly line: number;
  readonly reason: string;
  /** The line's first 200 characters. */
  readonly text: string;
}

/** What became of one file. accepted + repaired + quarantined = lines; plain JSON. */
export interface IngestReport {
  readonly instrument: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly format: string;
  /** Data lines read; header lines are not among them. */
  readonly lines: number;
  readonly accepted: number;
  /** Lines whose content, place or duplicate needed mending, dropped duplicates included. */
  readonly repaired: number;
  readonly quarantined: number;
  /** The first 1,000 of each. */
  readonly quarantine: readonly LineNote[];
  readonly repairs: readonly LineNote[];
  /** Bars stored: lines less the quarantined ones and dropped duplicates. */
  readonly rows: number;
  readonly frequencyMs: number;
  /** ISO 8601. */
  readonly firstClose: string;
  readonly lastClose: string;
  /** Parquet file of the bars, relative to the bars folder. */
  readonly barsArtifact: string;
}
