import { operationKey } from '../../domain/ids.js';
import { ownSources } from '../../domain/lineage/own-sources.js';
import type { Deployed, DeployRequest, RegisteredVersion, RegisterRequest } from '../../domain/training/run-steps.js';
import { ProductionConflict } from '../../registry/errors.js';
import type { ActivityDependencies } from '../dependencies.js';
import { publishEvidence } from '../evidence/publish-evidence.js';
import { liveVersion } from '../training/runs.js';

/** A person's change of production: which version, who decided it and why. */
export interface ChangeRequest {
  readonly operation: string;
  readonly instrument: string;
  readonly bucket: string;
  /** As people name versions. Null with a rollback to whatever was live before. */
  readonly version: string | null;
  readonly by: string;
  readonly reason: string;
}

export interface VersionActivities {
  /** Registers the candidate as a version, with the decision on it and the pack of its evidence. Once per run. */
  registerVersion(request: RegisterRequest): Promise<RegisteredVersion>;
}

export interface DeploymentActivities {
  /** Carries out the gate's decision: promotes, installs a first version as baseline, or leaves production alone. Once per run. */
  deployVersion(request: DeployRequest): Promise<Deployed>;
  /** Puts a version into production because a person says so. */
  promoteVersion(request: ChangeRequest): Promise<Deployed>;
  /** Puts an earlier production back. */
  rollbackVersion(request: ChangeRequest): Promise<Deployed>;
}

type Stores = Pick<ActivityDependencies, 'registry' | 'artifacts'>;

export const createVersionActivities = ({ registry, artifacts }: Stores): VersionActivities => ({
  async registerVersion({ runId, instrument, bucket, epoch, dataset, parent, source, experiences, candidate, decision }) {
    const place = { instrument, bucket, run: runId };
    const { evidence, record } = candidate;
    const { name } = await registry.versions.register({
      ...place,
      operationKey: operationKey(runId, 'register'),
      bundle: candidate.bundle,
      weightsHash: candidate.weightsHash,
      parent: parent?.version ?? null,
      dataset: dataset.id,
      sources: ownSources(dataset, experiences),
      transfers: source === undefined ? [] : [{ instrument, bucket: source.bucket, name: source.version }],
      metrics: { ...evidence.candidate, verdict: decision.verdict },
      simulated: dataset.simulated,
      fence: { runId, epoch },
    });
    const published = record === undefined ? null : await publishEvidence(artifacts, { id: record, version: name, evidence, decision });
    const { id } = await registry.decisions.record({
      ...place,
      operationKey: operationKey(runId, 'decision'),
      version: name,
      decision,
      evidence,
      evidencePack: published?.pack ?? null,
      evidencePage: published?.page ?? null,
    });
    return { version: name, decision: id };
  },
});

type DeploymentDependencies = Pick<ActivityDependencies, 'registry'> & {
  /** How long a version that replaces another is watched; not at all unless given. */
  readonly canaryMinutes?: number;
};

export const createDeploymentActivities = ({ registry, canaryMinutes = 0 }: DeploymentDependencies): DeploymentActivities => {
  const liveNow = async (instrument: string, bucket: string): Promise<Deployed['live']> =>
    liveVersion(await registry.production.current(instrument, bucket));

  const durationMs = canaryMinutes * 60_000;
  /** There must be something to go back to. */
  const canaryAfter = (previous: string | null): Pick<Deployed, 'canary'> =>
    previous === null || durationMs === 0 ? {} : { canary: { durationMs, previous } };

  return {
    async deployVersion({ runId, instrument, bucket, epoch, version, decision, verdict, servable, comparedWith, summary }) {
      const order = {
        operationKey: operationKey(runId, 'deploy'),
        instrument,
        bucket,
        version,
        decision,
        expectedPrevious: comparedWith,
        actor: 'ratchet',
        reason: summary,
        fence: { runId, epoch },
      };
      const kept: Deployed['installedAs'] = verdict === 'REJECT' ? null : 'challenger';
      try {
        if (verdict === 'PROMOTE') {
          await registry.production.promote(order);
          return { installedAs: 'production', live: await liveNow(instrument, bucket), ...canaryAfter(comparedWith) };
        }
        if (comparedWith !== null || !servable) return { installedAs: kept, live: await liveNow(instrument, bucket) };
        await registry.production.installBaseline(order);
        return { installedAs: 'baseline', live: await liveNow(instrument, bucket) };
      } catch (error) {
        // A person changed production after the comparison: what was compared is no longer live, so this version waits as a challenger.
        if (error instanceof ProductionConflict) return { installedAs: kept, live: await liveNow(instrument, bucket) };
        throw error;
      }
    },

    async promoteVersion({ operation, instrument, bucket, version, by, reason }) {
      const live = await liveNow(instrument, bucket);
      const place = { operationKey: operation, instrument, bucket, expectedPrevious: live?.version ?? null, actor: by, reason };
      await registry.production.promoteWritten({ ...place, written: version ?? 'previous' });
      return { installedAs: 'production', live: await liveNow(instrument, bucket) };
    },

    async rollbackVersion({ operation, instrument, bucket, version, by, reason }) {
      const live = await liveNow(instrument, bucket);
      const place = { operationKey: operation, instrument, bucket, expectedPrevious: live?.version ?? null, actor: by, reason };
      const to = version === null ? null : await registry.versions.resolve(instrument, bucket, version);
      const { event } = await registry.production.rollback(to === null ? place : { ...place, to: to.name });
      return { installedAs: event.role, live: await liveNow(instrument, bucket) };
    },
  };
};
