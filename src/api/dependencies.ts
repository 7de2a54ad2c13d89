import type { FineTuningClient } from '../client/continuous-learning/fine-tuning-client.js';
import type { LearnerClient } from '../client/learner-client.js';
import type { SequenceClient } from '../client/sequence-client.js';
import type { ValidationClient } from '../client/validations.js';
import type { RatchetConfig } from '../config/ratchet.js';
import type { ExperienceRules } from './experiences/complete-experience.js';
import type { ArtifactStore, Clock } from '../domain/ports.js';
import type { Instrument } from '../domain/market/instrument.js';
import type { WatchState } from '../domain/market/watch-state.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { Registry } from '../registry/open-registry.js';

/** Whose experiences come in, how many train, and how many that came one by one may wait to be stored. */
export interface ExperienceIntake {
  /** Configured instruments by id. */
  readonly contracts: ReadonlyMap<string, Instrument>;
  readonly bufferSize: number;
  readonly mostWaiting: number;
}

/** What the routes ask. */
export interface ApiDependencies {
  /** Ids of all configured instruments. */
  readonly instruments: readonly string[];
  /** Those whose exports the watched folder holds, where the configuration says it. */
  readonly watched: readonly string[];
  readonly registry: Registry;
  readonly artifacts: ArtifactStore;
  readonly learners: LearnerClient;
  readonly sequences: SequenceClient;
  readonly fineTuning: Pick<FineTuningClient, 'begin' | 'newest'>;
  readonly validations: ValidationClient;
  /** The buckets, and how they are trained one after another. */
  readonly progressive: Pick<RatchetConfig, 'buckets' | 'progressive'>;
  readonly experiences: Omit<ExperienceRules, 'instruments'> & ExperienceIntake;
  /** What the folder watcher sees. */
  readonly watch: () => WatchState;
  readonly metrics: Metrics;
  readonly version: string;
  readonly startedAtMs: number;
  readonly clock: Clock;
}
