import type { Probe, ProbeRequest } from '../../domain/training/run-steps.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { readDataset } from '../../market/bar-store.js';
import { checkServability } from '../../serving/check-servability.js';
import { openContender } from '../evaluation/contender.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { configOfRun } from '../training/run-config.js';
import { liveVersion } from '../training/runs.js';
import { sampleStates } from '../evaluation/sample-states.js';

export interface CanaryActivities {
  /** Asks a new production for decisions on the newest bars, as serving does: does it load, answer with numbers, and in time? */
  probeProduction(request: ProbeRequest): Promise<Probe>;
}

type CanaryDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts'>;

export const createCanaryActivities = ({ registry, artifacts }: CanaryDependencies): CanaryActivities => ({
  probeProduction: ({ runId, instrument, bucket, version, dataset }) =>
    withHeartbeat(async (doing) => {
      const live = await registry.production.current(instrument, bucket);
      if (live?.version !== version) return { kind: 'replaced', live: liveVersion(live) };
      const { training, gate } = await configOfRun(registry, runId);
      doing(`asking ${version} for decisions`);
      try {
        const bars = await readDataset(await artifacts.file(dataset.artifact));
        const contender = await openContender(artifacts, live.bundle, bars, training.environment);
        try {
          const sessions = tradableSessions(bars, dataset.evaluation, contender.firstDecision);
          const states = sampleStates(contender.bundle, contender.matrix, sessions);
          const { loads, finite, p99LatencyMs } = await checkServability({ bundle: contender.bundle, artifacts, states });
          if (!loads) return breach(`${version} does not load`);
          if (!finite) return breach(`${version} answers with numbers that are not finite`);
          return p99LatencyMs !== null && p99LatencyMs > gate.servingLatencyMs
            ? breach(`99 of 100 answers of ${version} take up to ${p99LatencyMs.toFixed(1)} ms, more than ${gate.servingLatencyMs} ms`)
            : { kind: 'sound' };
        } finally {
          await contender.release();
        }
      } catch (error) {
        if (error instanceof Error && BROKEN.includes(error.name)) return breach(`${version}: ${error.message}`.slice(0, 400));
        throw error;
      }
    }),
});

/** Errors that say that the model itself is of no use. */
const BROKEN: readonly string[] = ['UnsuitableModel', 'ArtifactMissing', 'ArtifactCorrupt'];

const breach = (reason: string): Probe => ({ kind: 'breach', reason });
