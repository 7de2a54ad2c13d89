import { ratchetConfig } from '../../config/ratchet.js';
import { frequencyText } from '../../domain/market/bars.js';
import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import { cycleOfRun, operationKey } from '../../domain/ids.js';
import type { Recollection } from '../../domain/learner/recall.js';
import { checkWindow } from '../../domain/lineage/check-window.js';
import { reachMsOf } from '../../domain/lineage/own-sources.js';
import type { BeginRequest, BegunRun, EndRequest, FrozenDataset, HandedOn, LiveVersion, Parent } from '../../domain/training/run-steps.js';
import type { BucketPlan, TransferSource } from '../../domain/sequence/bucket-plan.js';
import type { LiveModel } from '../../domain/model/production.js';
import type { ActivityDependencies } from '../dependencies.js';
import { freezeExperiences } from '../experiences/freeze-experiences.js';
import { configForRun, configOfBucket } from './run-budget.js';
import { madeWith } from '../made-with.js';

export interface RecallRequest {
  readonly instrument: string;
  readonly bucket: string;
  /** Whether the newest decision of any bucket counts, since all are trained. */
  readonly ofAllBuckets?: boolean;
}

export interface RunActivities {
  /** What the registry knows of an instrument. */
  recallInstrument(request: RecallRequest): Promise<Recollection>;
  /**
   * Opens the run in the registry with the configuration that all of it uses. It starts from production unless `full` or not incremental, or unless production or an
   * ancestor of it has learned from what the run is judged on: then from scratch, saying why.
   */
  beginRun(request: BeginRequest): Promise<BegunRun>;
  /** Records how a run ended, and tells. */
  endRun(request: EndRequest): Promise<void>;
}

export const createRunActivities = ({ registry, artifacts, config, logger }: ActivityDependencies): RunActivities => ({
  async recallInstrument({ instrument, bucket, ofAllBuckets = false }) {
    const [runs, decisions, live] = await Promise.all([
      registry.runs.list({ instrument, limit: 200 }),
      registry.decisions.list({ instrument, bucket: ofAllBuckets ? null : bucket, limit: 1 }),
      registry.production.current(instrument, bucket),
    ]);
    const [newest] = decisions;
    return {
      cycle: Math.max(0, ...runs.map(({ id }) => cycleOfRun(instrument, id) ?? 0)),
      production: liveVersion(live),
      lastTrainedAt: newest?.decidedAt ?? null,
      lastDecision:
        newest === undefined
          ? null
          : {
              runId: newest.run ?? 'unknown',
              version: newest.version,
              verdict: newest.verdict,
              sharpe: newest.evidence.candidate.sharpe,
              summary: newest.decision.summary,
              at: newest.decidedAt,
            },
    };
  },

  async beginRun({ runId, instrument, bucket, dataset, full, reason, plan }) {
    const wanted = plan?.source ?? null;
    const goesOn = wanted === null || plan?.occasion === 'requested';
    const fromScratch = full || !goesOn || !config.autoRetrain.enableIncrementalLearning;
    const proven = fromScratch ? null : await provenVersion(registry, instrument, bucket);
    const starts = [...(wanted === null ? [] : [wanted]), ...(proven === null ? [] : [{ bucket, version: proven.version }])];
    const learned = await Promise.all(starts.map((start) => registry.versions.lineage(instrument, start.bucket, start.version)));
    const window = checkWindow({ from: dataset.judgedFrom, reachMs: reachMsOf(dataset) }, learned.flat());
    const parent = window.clean ? proven : null;
    const source = window.clean && wanted !== null ? { source: await handedOn(registry, instrument, wanted, plan) } : {};
    const refusal = window.clean ? {} : { parentRefused: window.reason };
    if (!window.clean) logger.warn('training starts from scratch', { run: runId, instead: starts, reason: window.reason });
    const run = await registry.runs.begin({
      id: runId,
      instrument,
      bucket,
      dataset: dataset.id,
      parent: parent?.version ?? null,
      seed: config.training.seed,
      config: configForRun(configOfBucket(config, bucket, dataset, plan), {
        frequency: frequencyText(dataset.frequencyMs),
        incremental: bucket === DEFAULT_BUCKET && parent !== null,
      }),
      madeWith: await madeWith(),
    });
    await registry.events.append({
      kind: 'trainingStarted',
      instrument,
      actor: 'ratchet',
      payload: { run: runId, reason, full, dataset: dataset.id, ...sharingOf(dataset), ...source, ...refusal },
      operationKey: operationKey(runId, 'begin'),
    });
    const { training } = ratchetConfig.parse(run.config);
    const begun = await parentNamed(registry, instrument, bucket, run.parent);
    const isRetrain = begun !== null && bucket === DEFAULT_BUCKET;
    const experiences = isRetrain ? await freezeExperiences({ registry, artifacts, config }, { instrument, dataset, training }) : null;
    return {
      parent: begun,
      ...source,
      ...(run.parent === null ? refusal : {}),
      ...(experiences === null ? {} : { experiences }),
      trainSteps: training.trainSteps,
      chunkSteps: training.chunkSteps,
    };
  },

  async endRun({ runId, instrument, isBegun, outcome, summary }) {
    if (isBegun) await registry.runs.finish(runId, outcome, { summary });
    await registry.events.append({
      kind: 'trainingEnded',
      instrument,
      actor: 'ratchet',
      payload: { run: runId, outcome, summary },
      operationKey: operationKey(runId, 'end'),
    });
  },
});

/** What a run's workflow needs to know of a live model. */
export const liveVersion = (live: LiveModel | null): LiveVersion | null =>
  live === null ? null : { version: live.version, role: live.role };

/** What other instruments share, for the record. */
const sharingOf = ({ shared, leftOut }: FrozenDataset): object => ({
  ...(shared && { shared: shared.map(({ instrument, id }) => ({ instrument, dataset: id })) }),
  ...(leftOut && { leftOut }),
});

const handedOn = async (
  registry: ActivityDependencies['registry'],
  instrument: string,
  wanted: TransferSource,
  plan: BucketPlan | undefined,
): Promise<HandedOn> => {
  const { bucket, name: version, bundle } = await registry.versions.resolve(instrument, wanted.bucket, wanted.version);
  const { occasion, kinds, forced } = plan ?? {};
  return { bucket, version, bundle, ...(occasion && { occasion }), ...(kinds && { kinds }), ...(forced && { forced }) };
};

const provenVersion = async (registry: ActivityDependencies['registry'], instrument: string, bucket: string): Promise<Parent | null> => {
  const live = await registry.production.current(instrument, bucket);
  return live?.role === 'production' ? { version: live.version, bundle: live.bundle } : null;
};

const parentNamed = async (
  registry: ActivityDependencies['registry'],
  instrument: string,
  bucket: string,
  name: string | null,
): Promise<Parent | null> => {
  const version = name === null ? null : await registry.versions.get(instrument, bucket, name);
  return version === null ? null : { version: version.name, bundle: version.bundle };
};
