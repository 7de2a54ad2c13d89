import type { GateSettings } from '../../domain/gate/types.js';
import { operationKey } from '../../domain/ids.js';
import type { Learned } from '../../domain/lineage/check-window.js';
import { cleanSessions } from '../../domain/lineage/clean-sessions.js';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { MarketRegime } from '../../domain/market/market-regime.js';
import { TooLittleData } from '../../domain/market/split.js';
import { ownSources, reachMsOf } from '../../domain/lineage/own-sources.js';
import type { EvaluatedCandidate, EvaluateRequest } from '../../domain/training/run-steps.js';
import type { Trials } from '../../evaluation/statistics/luck.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { readDataset } from '../../market/bar-store.js';
import { assertHonest } from './assert-honest.js';
import { withContenders } from './contender.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { measureContenders } from './measure-contenders.js';
import { configOfRun } from '../training/run-config.js';

export interface EvaluationActivities {
  /** Plays the trained model and production on the held-out bars, and gathers the evidence for the gate. Throws `TooLittleData`, `LeakedWindow`. */
  evaluateCandidate(request: EvaluateRequest): Promise<EvaluatedCandidate>;
}

type EvaluationDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts' | 'markets'>;

export const createEvaluationActivities = (dependencies: EvaluationDependencies): EvaluationActivities => ({
  evaluateCandidate: (request) =>
    withHeartbeat(async (doing, signal) => {
      const { runId, instrument, bucket, dataset } = request;
      const { registry, artifacts } = dependencies;
      const { training, gate: rules, evaluation } = await configOfRun(registry, runId);
      const gate: GateSettings = { ...rules, evaluationEpisodes: evaluation.evaluationEpisodes };
      const live = await registry.production.current(instrument, bucket);
      doing('loading the contenders');
      const bars = await readDataset(await artifacts.file(dataset.artifact));
      const proven = live?.role === 'production' ? live.bundle : null;
      const bundles = { candidate: request.bundle, production: proven };
      return withContenders(artifacts, bundles, bars, training.environment, async ({ candidate, production }) => {
        doing('looking for what knows the future');
        assertHonest(candidate, bars, dataset.training);
        const { regime } = training.environment;
        const held = tradableSessions(bars, dataset.evaluation, Math.max(candidate.firstDecision, production?.firstDecision ?? 0), regime);
        if (held.length === 0) throw nothingHeldOut(bars, dataset.evaluation, regime);
        const learned = await learnedByBoth(dependencies, request, production === null ? null : (live?.version ?? null));
        const { sessions, refused } = cleanSessions(bars, held, reachMsOf(dataset), learned);
        const evaluated = await measureContenders(dependencies, {
          run: runId,
          instrument,
          bucket,
          dataset,
          bars,
          sessions,
          refused,
          bundle: request.bundle,
          candidate,
          production,
          live,
          trials: await trialsSoFar(dependencies, request),
          gate,
          environment: training.environment,
          bootstrap: { replicates: evaluation.bootstrapReplicates, seed: training.seed },
          doing,
          signal,
        });
        const { evidence, weightsHash } = evaluated;
        await registry.trials.record({
          operationKey: operationKey(runId, 'trial'),
          instrument,
          bucket,
          run: runId,
          weightsHash,
          sharpe: evidence.luck.sharpe,
          bars: evidence.bars,
          periodsPerYear: evidence.periodsPerYear,
          metrics: { ...evidence.candidate },
        });
        return evaluated;
      });
    }),
});

const nothingHeldOut = ({ instrument }: BarSeries, { from, to }: BarRange, regime: MarketRegime | undefined): TooLittleData =>
  new TooLittleData(
    instrument,
    to - from + 1,
    to - from,
    `no held-out session${regime === undefined ? '' : ` that began ${regime}`} can be traded with a whole observation`,
  );

/** All that the candidate, the version that it is compared with, or any ancestor of either learned from. */
const learnedByBoth = async (
  { registry }: EvaluationDependencies,
  { runId, instrument, bucket, dataset, source, experiences }: EvaluateRequest,
  comparedWith: string | null,
): Promise<Learned[]> => {
  const run = await registry.runs.get(runId);
  const own = [run?.parent ?? null, comparedWith].flatMap((version) => (version === null ? [] : [{ bucket, version }]));
  const versions = source === undefined ? own : [...own, source];
  const lineages = await Promise.all(versions.map((of) => registry.versions.lineage(instrument, of.bucket, of.version)));
  return [...ownSources(dataset, experiences), ...lineages.flat()];
};

/** The candidate's competition since the last promotion: every other trial, and itself. */
const trialsSoFar = async ({ registry }: EvaluationDependencies, { runId, instrument, bucket }: EvaluateRequest): Promise<Trials> => {
  const own = operationKey(runId, 'trial');
  const others = (await registry.trials.sinceLastPromotion(instrument, bucket)).filter((trial) => trial.operationKey !== own);
  return { count: others.length + 1, sharpes: others.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe])) };
};
