import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openContender } from '../../src/activities/evaluation/contender.js';
import { trainingReach } from '../../src/activities/training/training-reach.js';
import { sampleStates } from '../../src/activities/evaluation/sample-states.js';
import { runJob } from '../../src/activities/trainer/run-job.js';
import { openFolderStore } from '../../src/artifacts/folder-store.js';
import type { RatchetConfig } from '../../src/config/ratchet.js';
import { readCalendars, readInstruments } from '../../src/config/read-files.js';
import { frequencyMs, type BarSeries } from '../../src/domain/market/bars.js';
import { judge } from '../../src/domain/gate/judge.js';
import type { GateDecision } from '../../src/domain/gate/types.js';
import type { Instrument } from '../../src/domain/market/instrument.js';
import type { ArtifactStore, Logger } from '../../src/domain/ports.js';
import { purgeBars, splitDataset } from '../../src/domain/market/split.js';
import type { TrainerProgress, TrainingJob } from '../../src/domain/training/trainer-protocol.js';
import { backtest } from '../../src/evaluation/backtest/backtest.js';
import type { Backtest } from '../../src/evaluation/backtest/backtest-record.js';
import { evaluateModels } from '../../src/evaluation/evaluate-models.js';
import { periodsPerYear } from '../../src/evaluation/periods-per-year.js';
import { sharpeOrCash } from '../../src/evaluation/policy-score.js';
import { targetPositions } from '../../src/evaluation/policies/target-positions.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { createRandom } from '../../src/learning/random.js';
import { aggregateBars } from '../../src/market/aggregate.js';
import { createCalendar, type Calendar } from '../../src/market/calendar.js';
import { freezeDataset } from '../../src/market/freeze-dataset.js';
import { ingestFile } from '../../src/market/ingest/ingest.js';
import { mergeBars } from '../../src/market/ingest/merge-bars.js';
import { DEFAULT_MARKET, simulateDefaultMarket } from '../../src/market/simulation/default-market.js';
import { optimalPositions } from '../../src/market/simulation/optimal-positions.js';
import { writeExports } from '../../src/market/simulation/write-exports.js';
import { checkServability } from '../../src/serving/check-servability.js';

export interface SimulatedRunRequest {
  /** Seeds the market; training takes its seed from `config`. */
  readonly seed: number;
  /** Expected annual Sharpe ratio of the known optimum; 0 for none. */
  readonly edge: number;
  readonly config: RatchetConfig;
  /** An empty folder for everything that is written. */
  readonly folder: string;
  readonly logger: Logger;
  readonly onProgress: (progress: TrainerProgress) => void;
}

export interface SimulatedRun {
  readonly decision: GateDecision;
  /** Both on the held-out sessions, at the same fills and costs. */
  readonly candidate: PlayedPolicy;
  readonly knownOptimum: PlayedPolicy;
  readonly buyAndHold: PlayedPolicy;
  readonly heldOutSessions: number;
  /** Bytes are equal where this is. */
  readonly bundle: string;
  readonly seconds: { readonly data: number; readonly training: number; readonly evaluation: number };
}

export interface PlayedPolicy {
  /** Annual, net of all costs. */
  readonly sharpe: number;
  readonly tradesPerSession: number;
  /** Costs over gross profit. */
  readonly costShare: number;
}

/**
 * What `npm start` does with the default simulated market, in one process and without services: exports are written, ingested, merged and frozen; the
 * trainer's own job trains and exports the model; the exported model is played on the held-out sessions and judged against cash.
 */
export const simulatedRun = async (request: SimulatedRunRequest): Promise<SimulatedRun> => {
  const { seed, edge, config, folder } = request;
  const { training, evaluation } = config;
  const began = performance.now();
  const artifacts = await openFolderStore(join(folder, 'artifacts'));
  const { instrument, calendar } = await simulatedMarket();
  const simulation = simulateDefaultMarket({ instrument, calendar, random: createRandom(seed, 'market'), edge });
  const bars = await throughExports(simulation.bars, { instrument, calendar, folder, frequency: training.environment.frequency });
  const { environment, hindsight } = training;
  const split = splitDataset(bars, evaluation, purgeBars(trainingReach(training)));
  const dataset = await freezeDataset(bars, { artifacts, quality: 1, simulated: true, temporaryFolder: folder });
  const frozen = performance.now();

  const job: TrainingJob = {
    runId: 'train-SIM-000001',
    epoch: 1,
    instrument,
    bucket: 'default',
    dataset,
    trainingRange: split.training,
    training,
    parent: null,
    untilStep: training.trainSteps,
    checkpointFolder: join(folder, 'checkpoints'),
    artifactsFolder: join(folder, 'artifacts'),
    nice: 0,
    progressEveryMs: 5_000,
    patienceMs: 1_000,
  };
  const bundle = await trainedBundle(job, artifacts, request);
  const trained = performance.now();

  const contender = await openContender(artifacts, bundle, bars, environment);
  try {
    const sessions = tradableSessions(bars, split.evaluation, contender.firstDecision);
    const states = sampleStates(contender.bundle, contender.matrix, sessions);
    const gate = { ...config.gate, evaluationEpisodes: evaluation.evaluationEpisodes };
    const evaluated = await evaluateModels({
      bars,
      instrument,
      sessions,
      candidate: contender.model,
      production: null,
      trials: { count: 1, sharpes: [] },
      servable: await checkServability({ bundle: contender.bundle, artifacts, states }),
      gate,
      bootstrapReplicates: evaluation.bootstrapReplicates,
      random: createRandom(training.seed, 'bootstrap'),
    });
    const decision = judge(evaluated.evidence, gate);
    const ended = performance.now();
    const policy = targetPositions(optimalPositions(simulation, bars), contender.bundle.bins);
    const optimum = await backtest({ bars, instrument, sessions, config: contender.model.config, horizon: hindsight.horizon, policy });
    const played = (record: Backtest): PlayedPolicy => playedPolicy(record, periodsPerYear(bars, sessions));
    return {
      decision,
      candidate: played(evaluated.candidate),
      knownOptimum: played(optimum),
      buyAndHold: played(evaluated.buyAndHold),
      heldOutSessions: sessions.length,
      bundle,
      seconds: { data: (frozen - began) / 1_000, training: (trained - frozen) / 1_000, evaluation: (ended - trained) / 1_000 },
    };
  } finally {
    await contender.release();
  }
};

const simulatedMarket = async (): Promise<{ readonly instrument: Instrument; readonly calendar: Calendar }> => {
  const instrument = (await readInstruments()).get(DEFAULT_MARKET.instrument);
  const calendar = instrument && (await readCalendars()).get(instrument.calendar);
  if (instrument === undefined || calendar === undefined) throw new Error(`configs lack ${DEFAULT_MARKET.instrument} or its calendar`);
  return { instrument, calendar: createCalendar(calendar) };
};

interface ExportOptions {
  readonly instrument: Instrument;
  readonly calendar: Calendar;
  readonly folder: string;
  readonly frequency: string;
}

/** Writes one-minute bars as exports, reads them back as a learner does, and joins them into decision bars. */
const throughExports = async (minutes: BarSeries, { instrument, calendar, folder, frequency }: ExportOptions): Promise<BarSeries> => {
  const barsFolder = join(folder, 'bars');
  await mkdir(barsFolder, { recursive: true });
  const files = [];
  for (const path of await writeExports(minutes, join(folder, 'exports'))) files.push(await ingestFile(path, { instrument, barsFolder }));
  const merged = await mergeBars({ instrument: instrument.id, calendar, barsFolder, files });
  return aggregateBars(merged.bars, merged.sessions, frequencyMs(frequency));
};

/** Trains as the trainer process does, and returns the artifact id of what it exported. */
const trainedBundle = async (job: TrainingJob, artifacts: ArtifactStore, { logger, onProgress }: SimulatedRunRequest): Promise<string> => {
  const bundles: string[] = [];
  await runJob(job, {
    artifacts,
    send(message) {
      if (message.kind === 'progress') onProgress(message.progress);
      if (message.kind === 'done' && message.result.bundle !== null) bundles.push(message.result.bundle);
    },
    mayCommit: () => Promise.resolve(),
    shouldStop: () => false,
    logger,
    clock: { now: () => performance.now() },
  });
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error('training ended without a model');
  return bundle;
};

const playedPolicy = (record: Backtest, annual: number): PlayedPolicy => {
  const { fee, spread, slippage, impact } = record.costs;
  return {
    sharpe: sharpeOrCash(record.returns, annual),
    tradesPerSession: record.trades.length / record.sessions.length,
    costShare: (fee + spread + slippage + impact) / record.gross,
  };
};
