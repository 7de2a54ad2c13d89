import { operationKey } from '../../domain/ids.js';
import { firstCleanBar } from '../../domain/lineage/clean-sessions.js';
import { reachMsOf } from '../../domain/lineage/own-sources.js';
import type { ChallengerLook, ChallengerRequest, Deployed, SettleChallengerRequest } from '../../domain/training/run-steps.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { readDataset } from '../../market/bar-store.js';
import { ProductionConflict } from '../../registry/errors.js';
import { withContenders } from './contender.js';
import type { ActivityDependencies } from '../dependencies.js';
import { publishEvidence } from '../evidence/publish-evidence.js';
import { withHeartbeat } from '../heartbeat.js';
import { measureContenders } from './measure-contenders.js';
import { configOfRun } from '../training/run-config.js';
import { liveVersion } from '../training/runs.js';

export interface ChallengerActivities {
  /** Plays the challenger in shadow on all bars that neither it nor production has learned from, those since its last judgement among them; null when there is no challenger, or nothing new. */
  evaluateChallenger(request: ChallengerRequest): Promise<ChallengerLook | null>;
  /** Records the new judgement of a challenger, and promotes it if that is the verdict. Once per run. */
  settleChallenger(request: SettleChallengerRequest): Promise<Deployed>;
}

export const createChallengerActivities = ({ registry, artifacts, markets, config }: ActivityDependencies): ChallengerActivities => ({
  evaluateChallenger: ({ runId, instrument, bucket, dataset }) =>
    withHeartbeat(async (doing, signal) => {
      const challenger = await registry.challengers.current(instrument, bucket, config.evaluation.challengerDays);
      const version = challenger === null ? null : await registry.versions.get(instrument, bucket, challenger.version);
      if (challenger === null || version?.run == null) return null;
      const { environment } = (await configOfRun(registry, version.run)).training;
      const live = await registry.production.current(instrument, bucket);
      doing(`loading ${version.name}, which was held`);
      const bars = await readDataset(await artifacts.file(dataset.artifact));
      const proven = live?.role === 'production' ? live : null;
      const bundles = { candidate: version.bundle, production: proven?.bundle ?? null };
      return withContenders(artifacts, bundles, bars, environment, async ({ candidate, production }) => {
        if (candidate.bundle.observation.frequencyMs !== bars.frequencyMs) return null;
        const names = [version.name, ...(proven === null ? [] : [proven.version])];
        const learned = (await Promise.all(names.map((name) => registry.versions.lineage(instrument, bucket, name)))).flat();
        const from = firstCleanBar(bars, reachMsOf(dataset), learned);
        const firstDecision = Math.max(candidate.firstDecision, production?.firstDecision ?? 0);
        const sessions = tradableSessions(bars, { from, to: bars.length }, firstDecision, environment.regime);
        const newest = bars.closeTime[(sessions.at(-1)?.to ?? 0) - 1];
        if (newest === undefined || newest <= Date.parse(challenger.judgedTo ?? '1970-01-01')) return null;
        const trials = await registry.trials.sinceLastPromotion(instrument, bucket);
        const evaluated = await measureContenders(
          { artifacts, markets },
          {
            run: runId,
            instrument,
            bucket,
            dataset,
            bars,
            sessions,
            bundle: version.bundle,
            candidate,
            production,
            live,
            trials: { count: Math.max(1, trials.length), sharpes: trials.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe])) },
            gate: { ...config.gate, evaluationEpisodes: config.evaluation.evaluationEpisodes },
            environment,
            bootstrap: { replicates: config.evaluation.bootstrapReplicates, seed: config.training.seed },
            firstBars: challenger.firstBars,
            doing,
            signal,
          },
        );
        return { version: version.name, candidate: evaluated };
      });
    }),

  async settleChallenger({ runId, instrument, bucket, version, candidate, decision }) {
    const place = { instrument, bucket };
    const { evidence, record, comparedWith } = candidate;
    const published = record === undefined ? null : await publishEvidence(artifacts, { id: record, version, evidence, decision });
    const { id } = await registry.decisions.record({
      ...place,
      run: null, // it does not judge what this run will train
      operationKey: operationKey(runId, 'challenger'),
      version,
      decision,
      evidence,
      evidencePack: published?.pack ?? null,
      evidencePage: published?.page ?? null,
    });
    const liveNow = async (): Promise<Deployed['live']> => liveVersion(await registry.production.current(instrument, bucket));
    const kept: Deployed['installedAs'] = decision.verdict === 'REJECT' ? null : 'challenger';
    if (decision.verdict !== 'PROMOTE') return { installedAs: kept, live: await liveNow() };
    try {
      await registry.production.promote({
        ...place,
        operationKey: operationKey(runId, 'challenger'),
        version,
        decision: id,
        expectedPrevious: comparedWith,
        actor: 'ratchet',
        reason: decision.summary,
      });
      return { installedAs: 'production', live: await liveNow() };
    } catch (error) {
      // A person changed production after the comparison: it is judged again with what is live now.
      if (error instanceof ProductionConflict) return { installedAs: 'challenger', live: await liveNow() };
      throw error;
    }
  },
});
