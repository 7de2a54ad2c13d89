/** Options of `ratchet experiences`. */
export interface ViewOptions {
  readonly instrument?: string;
  readonly stats?: boolean;
  readonly highValue?: string;
  readonly failed?: string;
  readonly json?: boolean;
}

/** Options of `ratchet experiences import`. */
export interface ImportOptions {
  readonly instrument?: string;
  readonly timeZone?: string;
  readonly culture?: string;
  readonly stateLength?: string;
}

/** Options of `ratchet experiences export`. */
export interface ExportOptions {
  readonly instrument: string;
  /** Every day unless given. */
  readonly day?: string;
  /** The file of the day, or the folder of the days. */
  readonly output?: string;
}
