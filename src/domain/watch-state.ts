/** What the folder watcher sees, for people. */
export interface WatchState {
  readonly enabled: boolean;
  readonly watching: boolean;
  readonly path: string | null;
  readonly readable: boolean;
  /** ISO 8601. */
  readonly lastChange: string | null;
  /** Why nothing can be read, with what to do; null when all is well. */
  readonly problem: string | null;
}
