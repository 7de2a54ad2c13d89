import type { LearnerClient } from '../client/learner-client.js';
import type { Clock } from '../domain/ports.js';
import type { WatchState } from '../domain/watch-state.js';
import type { Registry } from '../registry/open-registry.js';

/** What the routes ask. */
export interface ApiDependencies {
  /** Instruments that are watched and served. */
  readonly instruments: readonly string[];
  readonly registry: Registry;
  readonly learners: LearnerClient;
  /** What the folder watcher sees. */
  readonly watch: () => WatchState;
  readonly version: string;
  readonly startedAtMs: number;
  readonly clock: Clock;
}
