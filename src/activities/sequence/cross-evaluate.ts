import { ratchetConfig } from '../../config/ratchet.js';
import { firstCleanBar, LeakedWindow } from '../../domain/lineage/clean-sessions.js';
import type { Learned } from '../../domain/lineage/check-window.js';
import { purgeBars } from '../../domain/market/split.js';
import type { CrossedModel, CrossEvaluation, CrossRequest } from '../../domain/sequence/cross-evaluation.js';
import { backtest } from '../../evaluation/backtest/backtest.js';
import { totalReturn } from '../../evaluation/metrics/equity.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import { readDataset } from '../../market/bar-store.js';
import { NotRegistered } from '../../registry/errors.js';
import type { ActivityDependencies } from '../dependencies.js';
import { openContender } from '../evaluation/contender.js';
import { withHeartbeat } from '../heartbeat.js';
import { trainingReach } from '../training/training-reach.js';

export interface CrossEvaluationActivities {
  /** Plays the model of each bucket at the task of each, on sessions that none of them has learned from. It says what they are good for, and decides nothing. */
  crossEvaluate(request: CrossRequest): Promise<CrossEvaluation>;
}

type CrossDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts' | 'markets'>;

export const createCrossEvaluationActivities = (dependencies: CrossDependencies): CrossEvaluationActivities => ({
  crossEvaluate: ({ instrument, models }) =>
    withHeartbeat(async (doing, signal) => {
      const { registry } = dependencies;
      const lineages = await Promise.all(models.map(({ bucket, version }) => registry.versions.lineage(instrument, bucket, version)));
      const columns: PlayedTask[] = [];
      for (const task of models) {
        doing(`playing ${models.length} models at the task of ${task.bucket}`);
        columns.push(await playAt(dependencies, { instrument, models, task, learned: lineages.flat(), signal }));
      }
      return {
        models,
        returns: models.map((_, model) => columns.map(({ returns }) => returns[model] ?? null)),
        sessions: columns.map(({ sessions }) => sessions),
      };
    }),
});

interface Task extends CrossRequest {
  readonly task: CrossedModel;
  /** Of all the models. */
  readonly learned: readonly Learned[];
  readonly signal: AbortSignal;
}

/** A column: net returns by model. */
interface PlayedTask {
  readonly returns: readonly (number | null)[];
  readonly sessions: number;
}

/** Net return of every model at one bucket's horizon, bars and cash. */
const playAt = async (
  { registry, artifacts, markets }: CrossDependencies,
  { instrument, models, task, learned, signal }: Task,
): Promise<PlayedTask> => {
  const run = await registry.runs.get(task.runId);
  const dataset = run?.dataset == null ? null : await registry.datasets.get(run.dataset);
  if (run === null || dataset === null) throw new NotRegistered('run', task.runId, 'it has no dataset to play on');
  const { training } = ratchetConfig.parse(run.config);
  const bars = await readDataset(await artifacts.file(dataset.artifact));
  const from = firstCleanBar(bars, purgeBars(trainingReach(training)) * bars.frequencyMs, learned);
  const bundleOf = async ({ bucket, version }: CrossedModel): Promise<string> =>
    (await registry.versions.resolve(instrument, bucket, version)).bundle;
  const { horizon } = readModelBundle(await artifacts.get(await bundleOf(task)));
  const sessions = tradableSessions(bars, { from, to: bars.length }, 0, training.environment.regime);
  if (training.environment.regime !== undefined && from < bars.length && sessions.length === 0)
    return { returns: models.map(() => null), sessions: 0 };
  if (sessions.length === 0) throw new LeakedWindow(`no session of ${dataset.id.slice(0, 12)} is clean for all of ${models.length} models`);
  const returns: (number | null)[] = [];
  for (const model of models) {
    const bundle = await bundleOf(model);
    if (readModelBundle(await artifacts.get(bundle)).observation.frequencyMs !== bars.frequencyMs) {
      returns.push(null);
      continue;
    }
    const contender = await openContender(artifacts, bundle, bars, training.environment);
    try {
      const played = await backtest({ bars, instrument: markets.instrument(instrument), sessions, signal, ...contender.model, horizon });
      returns.push(totalReturn(played.returns, 'additive'));
    } finally {
      await contender.release();
    }
  }
  return { returns, sessions: sessions.length };
};
