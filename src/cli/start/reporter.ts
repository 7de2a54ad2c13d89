import type { Demo } from '../../activities/write-demo.js';
import type { Progress } from '../../client/watch-progress.js';
import type { LiveVersion } from '../../domain/run-steps.js';
import type { Endpoints } from '../../runtime/endpoints.js';
import type { Home } from '../../runtime/home.js';
import type { PartEvent } from '../../runtime/keep-running.js';
import type { FollowedEnd } from './follow-trainings.js';
import type { StartSettings } from './settings.js';

/** Everything that `ratchet start` says, for people or as JSON. */
export interface StartReporter {
  readonly settings: (settings: StartSettings, home: Home, version: string) => void;
  readonly demo: (demo: Demo) => void;
  readonly part: (event: PartEvent) => void;
  /** Something that went wrong and is dealt with, or that a person should know. */
  readonly notice: (text: string) => void;
  readonly ready: (endpoints: Endpoints, seconds: number) => void;
  readonly progress: (progress: Progress) => void;
  readonly ended: (end: FollowedEnd, live: LiveVersion | null, endpoints: Endpoints) => void;
  readonly stopping: () => void;
}
