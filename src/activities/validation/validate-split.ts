import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { ratchetConfig, type RatchetConfig } from '../../config/ratchet.js';
import type { TrainingJob } from '../../domain/training/trainer-protocol.js';
import { gapsOf, hullOf } from '../../domain/validation/split.js';
import type { SplitRequest, SplitResult } from '../../domain/validation/steps.js';
import { backtest } from '../../evaluation/backtest/backtest.js';
import { sessionOffsets } from '../../evaluation/backtest/backtest-record.js';
import { policyScore } from '../../evaluation/policy-score.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { readDataset } from '../../market/bar-store.js';
import { assertHonest } from '../evaluation/assert-honest.js';
import { openContender } from '../evaluation/contender.js';
import type { ActivityDependencies } from '../dependencies.js';
import { storeSeries } from '../evidence/series.js';
import { withHeartbeat } from '../heartbeat.js';
import { runTrainerProcess } from '../training/trainer-process.js';
import { withBudget } from '../training/run-budget.js';
import { effort, visibleDevices } from '../trainer/effort.js';

export interface SplitActivities {
  /** Trains on the training ranges of a split and plays the model on its test ranges; repeated, it goes on from its newest good checkpoint. */
  validateSplit(request: SplitRequest): Promise<SplitResult>;
}

type SplitDependencies = Pick<ActivityDependencies, 'artifacts' | 'markets' | 'folders' | 'logger'> & {
  /** Devices that this trainer may use (`CUDA_VISIBLE_DEVICES`); all, when not given. */
  readonly devices?: string;
};

const PROGRESS_EVERY_MS = 1_000;
const PATIENCE_MS = 30 * 60_000;

export const createSplitActivities = (dependencies: SplitDependencies): SplitActivities => ({
  async validateSplit(request) {
    const { artifacts, folders } = dependencies;
    const config = ratchetConfig.parse(JSON.parse(new TextDecoder().decode(await artifacts.get(request.config))));
    const runId = `${request.key}-${request.split.name}-${request.trial + 1}`;
    const checkpointFolder = join(folders.checkpoints, runId);
    try {
      const bundle = await trainSplit(request, config, { runId, checkpointFolder }, dependencies);
      const result = await judgeSplit(request, config, bundle, dependencies);
      await rm(checkpointFolder, { recursive: true, force: true });
      return result;
    } catch (error) {
      // Cancelled by a person, nobody goes on with it; stopped in any other way, somebody does.
      if (Context.current().cancellationDetails?.cancelRequested === true) await rm(checkpointFolder, { recursive: true, force: true });
      throw error;
    }
  },
});

/** Artifact id of the model that was trained on the split, by the seed of its trial. */
const trainSplit = async (
  { instrument, bucket, dataset, split, trial, parent = null, transfer }: SplitRequest,
  { training, performance, evaluation, memory }: RatchetConfig,
  place: Pick<TrainingJob, 'runId' | 'checkpointFolder'>,
  { markets, folders, logger, devices }: SplitDependencies,
): Promise<string> => {
  const { nice, processors } = effort[performance.mode];
  const trainSteps = evaluation.validation.trainSteps ?? training.trainSteps;
  const { bundle } = await runTrainerProcess({
    job: {
      ...place,
      epoch: Context.current().info.attempt,
      instrument: markets.instrument(instrument),
      bucket,
      dataset,
      trainingRange: hullOf(split.training),
      heldOut: gapsOf(split.training),
      training: { ...withBudget(training, trainSteps), seed: training.seed + trial },
      parent,
      ...(transfer && { transfer }),
      untilStep: trainSteps,
      artifactsFolder: folders.artifacts,
      nice,
      progressEveryMs: PROGRESS_EVERY_MS,
      patienceMs: PATIENCE_MS,
    },
    logger,
    memory,
    assertEpoch: () => Promise.resolve(), // the checkpoints' lock keeps an attempt that was given up on apart from the next
    ...visibleDevices(performance.gpu, devices),
    ...(processors === null ? {} : { processors }),
  });
  if (bundle === null) throw new Error(`${place.runId} ended its training without a model: expected one at step ${trainSteps}`);
  return bundle;
};

const judgeSplit = (
  { instrument, dataset, split, trial, periodsPerYear }: SplitRequest,
  { training }: RatchetConfig,
  bundle: string,
  { artifacts, markets }: SplitDependencies,
): Promise<SplitResult> =>
  withHeartbeat(async (doing, signal) => {
    const bars = await readDataset(await artifacts.file(dataset.artifact));
    const contender = await openContender(artifacts, bundle, bars, training.environment);
    try {
      doing('looking for what knows the future');
      assertHonest(contender, bars, hullOf(split.training), gapsOf(split.training));
      const tested = split.test.map((range) => tradableSessions(bars, range, contender.firstDecision, training.environment.regime));
      doing(`playing on ${tested.flat().length} sessions`);
      const played = await backtest({
        bars,
        instrument: markets.instrument(instrument),
        sessions: tested.flat(),
        signal,
        ...contender.model,
      });
      const { sharpe, totalReturn, maxDrawdown, trades } = policyScore(played, periodsPerYear);
      return {
        split: split.name,
        trial,
        bundle,
        returns: await storeSeries(artifacts, played.returns),
        bars: tested.map((sessions) => sessionOffsets(sessions).at(-1) ?? 0),
        sharpe,
        totalReturn,
        maxDrawdown,
        trades,
      };
    } finally {
      await contender.release();
    }
  });
