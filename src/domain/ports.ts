/** Ports: what the inner folders need from others and do not own. Implementations are handed in by the composition roots. */

/** Content-addressed, immutable files. An id is the lower-case hex SHA-256 of the content. */
export interface ArtifactStore {
  /** Stores bytes (or the file at `path`) durably and returns its id; storing the same content twice is one artifact. */
  put(content: Uint8Array | { readonly path: string }): Promise<string>;
  /** Reads the whole artifact and checks its hash. Throws `ArtifactMissing` or `ArtifactCorrupt`. */
  get(id: string): Promise<Uint8Array>;
  /** A local, read-only, verified file with the artifact's content, for readers that want a path. */
  file(id: string): Promise<string>;
  has(id: string): Promise<boolean>;
  remove(id: string): Promise<void>;
}

export type LogFields = Readonly<Record<string, unknown>>;
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Epoch milliseconds. */
export interface Clock {
  now(): number;
}

/** A seeded stream of random numbers whose whole state fits in a checkpoint. */
export interface RandomStream {
  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Plain JSON, to be given back to the factory that made the stream. */
  state(): readonly number[];
}
