/** What the folder watcher sees, for people. */
export interface WatchState {
  readonly enabled: boolean;
  readonly watching: boolean;
  readonly path: string | null;
  readonly readable: boolean;
  /** ISO 8601. */
  readonly lastChange: string | null;
  /** Files that are followed, and how many of them are not yet reported as they are now. */
  readonly files: number;
  readonly pending: number;
  /** What keeps files from being used, with what to do. */
  readonly problems: readonly string[];
}
