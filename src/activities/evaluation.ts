import type { GateSettings } from '../domain/gate/types.js';
import { operationKey } from '../domain/ids.js';
import type { Learned } from '../domain/lineage/check-window.js';
import { cleanSessions } from '../domain/lineage/clean-sessions.js';
import { ownSources, reachMsOf } from '../domain/lineage/own-sources.js';
import type { EvaluatedCandidate, EvaluateRequest } from '../domain/run-steps.js';
import { evaluateModels } from '../evaluation/evaluate-models.js';
import type { Trials } from '../evaluation/luck.js';
import { periodsPerYear } from '../evaluation/periods-per-year.js';
import { tradableSessions } from '../learning/environment/sessions.js';
import { createRandom } from '../learning/random.js';
import { readDataset } from '../market/bar-store.js';
import { checkServability } from '../serving/check-servability.js';
import { assertHonest } from './assert-honest.js';
import { openContender } from './contender.js';
import type { ActivityDependencies } from './dependencies.js';
import { storeEvaluation } from './evidence/store-evaluation.js';
import { withHeartbeat } from './heartbeat.js';
import { configOfRun } from './run-config.js';
import { sampleStates } from './sample-states.js';

export interface EvaluationActivities {
  /** Plays the trained model and production on the held-out bars, and gathers the evidence for the gate. */
  evaluateCandidate(request: EvaluateRequest): Promise<EvaluatedCandidate>;
}

type EvaluationDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts' | 'markets'>;

export const createEvaluationActivities = (dependencies: EvaluationDependencies): EvaluationActivities => ({
  evaluateCandidate: (request) =>
    withHeartbeat(async (doing, signal) => {
      const { runId, instrument, bucket, dataset } = request;
      const { registry, artifacts, markets } = dependencies;
      const { training, gate: rules, evaluation } = await configOfRun(registry, runId);
      const gate: GateSettings = { ...rules, evaluationEpisodes: evaluation.evaluationEpisodes };
      const live = await registry.production.current(instrument, bucket);
      doing('loading the contenders');
      const bars = await readDataset(await artifacts.file(dataset.artifact));
      const candidate = await openContender(artifacts, request.bundle, bars, training.environment);
      const production = live?.role === 'production' ? await openContender(artifacts, live.bundle, bars, training.environment) : null;
      try {
        doing('looking for what knows the future');
        assertHonest(candidate, bars, dataset.training);
        const held = tradableSessions(bars, dataset.evaluation, Math.max(candidate.firstDecision, production?.firstDecision ?? 0));
        const learned = await learnedByBoth(dependencies, request, production === null ? null : (live?.version ?? null));
        const { sessions, refused } = cleanSessions(bars, held, reachMsOf(dataset), learned);
        const states = sampleStates(candidate.bundle, candidate.matrix, sessions);
        const servable = await checkServability({ bundle: candidate.bundle, artifacts, states });
        doing(`playing on ${sessions.length} held-out sessions`);
        const trials = await trialsSoFar(dependencies, request);
        const traded = markets.instrument(instrument);
        const evaluated = await evaluateModels({
          bars,
          instrument: traded,
          sessions,
          candidate: candidate.model,
          production: production?.model ?? null,
          trials,
          servable,
          gate,
          bootstrapReplicates: evaluation.bootstrapReplicates,
          random: createRandom(training.seed, 'bootstrap'),
          signal,
        });
        const evidence = refused === undefined ? evaluated.evidence : { ...evaluated.evidence, refused };
        const { weightsHash } = candidate.bundle;
        const comparedWith = live?.version ?? null;
        doing('storing what the evidence rests on');
        const record = await storeEvaluation(artifacts, {
          run: runId,
          bucket,
          instrument: { impactBps: 0, ...traded },
          dataset: { id: dataset.id, artifact: dataset.artifact, simulated: dataset.simulated },
          candidate: request.bundle,
          production: production === null ? null : (live?.bundle ?? null),
          comparedWith,
          ...(refused === undefined ? {} : { refused }),
          periodsPerYear: evidence.periodsPerYear,
          environment: training.environment,
          trials,
          servable,
          gate,
          bootstrap: { replicates: evaluation.bootstrapReplicates, seed: training.seed },
          evaluation: evaluated,
          bars,
        });
        await registry.trials.record({
          operationKey: operationKey(runId, 'trial'),
          instrument,
          bucket,
          run: runId,
          weightsHash,
          sharpe: evidence.luck.sharpe,
          bars: evidence.bars,
          periodsPerYear: periodsPerYear(bars, sessions),
          metrics: { ...evidence.candidate },
        });
        return { bundle: request.bundle, weightsHash, evidence, comparedWith, gate, record };
      } finally {
        await Promise.all([candidate.release(), production?.release()]);
      }
    }),
});

/** All that the candidate, the version that it is compared with, or any ancestor of either learned from. */
const learnedByBoth = async (
  { registry }: EvaluationDependencies,
  { runId, instrument, bucket, dataset }: EvaluateRequest,
  comparedWith: string | null,
): Promise<Learned[]> => {
  const run = await registry.runs.get(runId);
  const versions = [run?.parent ?? null, comparedWith].filter((name) => name !== null);
  const lineages = await Promise.all(versions.map((name) => registry.versions.lineage(instrument, bucket, name)));
  return [...ownSources(dataset), ...lineages.flat()];
};

/** The candidate's competition since the last promotion: every other trial, and itself. */
const trialsSoFar = async ({ registry }: EvaluationDependencies, { runId, instrument, bucket }: EvaluateRequest): Promise<Trials> => {
  const own = operationKey(runId, 'trial');
  const others = (await registry.trials.sinceLastPromotion(instrument, bucket)).filter((trial) => trial.operationKey !== own);
  return { count: others.length + 1, sharpes: others.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe])) };
};
