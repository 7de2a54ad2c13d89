import type { Demo } from '../../activities/market/write-demo.js';
import type { Progress } from '../../client/watch-progress.js';
import type { LiveVersion } from '../../domain/training/run-steps.js';
import type { Endpoints } from '../../runtime/endpoints.js';
import type { Home } from '../../runtime/home.js';
import type { PartEvent } from '../../runtime/keep-running.js';
import type { FollowedEnd } from './follow-trainings.js';
import type { StartSettings } from './settings.js';

/** What answers after a training, and a command that asks it; null where there is no API or nothing to ask with. */
export interface Served {
  readonly live: LiveVersion | null;
  readonly curl: string | null;
  /** What the learner trains in place of one model: each has a production of its own. */
  readonly buckets: readonly string[];
}

/** Everything that `ratchet start` says, for people or as JSON. */
export interface StartReporter {
  readonly settings: (settings: StartSettings, home: Home, version: string) => void;
  readonly demo: (demo: Demo) => void;
  readonly part: (event: PartEvent) => void;
  /** Something that went wrong and is dealt with, or that a person should know. */
  readonly notice: (text: string) => void;
  readonly ready: (endpoints: Endpoints, instruments: readonly string[], seconds: number) => void;
  readonly progress: (progress: Progress) => void;
  readonly ended: (end: FollowedEnd, served: Served) => void;
  readonly stopping: () => void;
}
