import { configuredKinds, handOnPlan } from '../../config/buckets/bucket-training.js';
import { ratchetConfig, type RatchetConfig } from '../../config/ratchet.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { checkWindow } from '../../domain/lineage/check-window.js';
import { reachMsOf } from '../../domain/lineage/own-sources.js';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { MarketRegime } from '../../domain/market/market-regime.js';
import { lighterKinds, memoryZone, usedShare } from '../../domain/memory/zones.js';
import type { HorizonWeight } from '../../domain/transfer/horizons.js';
import type { TransferKind, TransferSizes } from '../../domain/transfer/plan.js';
import { blendRefusal, relationOf } from '../../domain/transfer/relation.js';
import type { Proposal, ProposeRequest, TrialPlan } from '../../domain/transfer/steps.js';
import type { FrozenDataset, HandedOn } from '../../domain/training/run-steps.js';
import { periodsPerYear } from '../../evaluation/periods-per-year.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { readDataset } from '../../market/bar-store.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { readMemory } from '../memory/read-memory.js';
import { withBudget } from '../training/run-budget.js';
import { configOfRun } from '../training/run-config.js';
import { measureHorizons } from './effective-horizons.js';
import { examineSource, type ExaminedSource } from './examine-source.js';

export interface ProposalActivities {
  /** Looks at what is to be handed on, at the memory of this machine, and at what the effect can be measured on. Runs where the training will. */
  proposeTransfer(request: ProposeRequest): Promise<Proposal>;
}

type ProposalDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts' | 'markets' | 'logger'> & {
  /** Devices that this trainer may use (`CUDA_VISIBLE_DEVICES`); all, when not given. */
  readonly devices?: string;
};

export const createProposalActivities = (dependencies: ProposalDependencies): ProposalActivities => ({
  proposeTransfer: (request) =>
    withHeartbeat(async (doing, signal) => {
      const { registry, artifacts, markets } = dependencies;
      const { source, dataset } = request;
      const config = await configOfRun(registry, request.runId);
      const asked = source.kinds ?? configuredKinds(config.progressive);
      const examined = await examineSource(artifacts, source.bundle, asked, config.training, dataset.frequencyMs);
      const refusal = examined.refusal ?? (await independence(dependencies, request, asked));
      if (refusal !== null) return { kind: 'refused', reason: refusal };
      const { kinds, fallback } = await withinMemory(dependencies, config, asked);
      const bars = await readDataset(await artifacts.file(dataset.artifact));
      const held = await sessionsHeldBack(dependencies, request, { bars, regime: config.training.environment.regime });
      const handsOnHorizons = kinds.includes('horizons') && 'validation' in held;
      if (handsOnHorizons) doing('asking the source at several horizons');
      const horizons = handsOnHorizons
        ? await measureHorizons(artifacts, {
            bundle: source.bundle,
            range: await horizonRange(dependencies, request, examined),
            bars,
            held: held.validation,
            instrument: markets.instrument(request.instrument),
            environment: config.training.environment,
            signal,
          })
        : [];
      const repeatEvery = kinds.includes('distillation') ? lessonEvery(config, dataset) : null;
      const handed = { kinds, horizons, ...(repeatEvery === null ? {} : { repeatEvery }) };
      const trial = 'validation' in held ? await planTrial(dependencies, config, request, { handed, bars, ...held }) : held;
      return { kind: 'proposed', kinds, fallback, sizes: sizesOf(examined, kinds, horizons), horizons, repeatEvery, trial };
    }),
});

/** Why weights must not be blended into what the training goes on from; null where they may, or nothing is blended into a trained network. */
const independence = async (
  { registry }: ProposalDependencies,
  { instrument, bucket, source, parent }: ProposeRequest,
  kinds: readonly TransferKind[],
): Promise<string | null> => {
  if (parent === null || source.forced === true || !kinds.includes('weights')) return null;
  const descendant = async (of: string, name: string) => ({
    place: { instrument, bucket: of, name },
    ancestors: await registry.versions.lineage(instrument, of, name),
  });
  return blendRefusal(relationOf(await descendant(source.bucket, source.version), await descendant(bucket, parent.version)));
};

const withinMemory = async (
  { logger, devices }: ProposalDependencies,
  { memory }: RatchetConfig,
  asked: readonly TransferKind[],
): Promise<{ readonly kinds: readonly TransferKind[]; readonly fallback: string | null }> => {
  const use = await readMemory(devices);
  const light = lighterKinds(asked, memoryZone(usedShare(use), memory), use);
  if (light.fallback !== null) logger.warn('knowledge is handed on in a lighter form', { reason: light.fallback });
  return light;
};

/** The sessions that were held back, where nothing that takes part has learned from them; else why there are none. */
const sessionsHeldBack = async (
  { registry }: ProposalDependencies,
  { instrument, bucket, dataset, source, parent }: ProposeRequest,
  { bars, regime }: { readonly bars: BarSeries; readonly regime: MarketRegime | undefined },
): Promise<{ readonly validation: BarRange } | { readonly unmeasured: string }> => {
  const { validation } = dataset;
  if (validation === undefined) return { unmeasured: 'there are too few sessions to hold any back' };
  if (tradableSessions(bars, validation, 0, regime).length === 0)
    return { unmeasured: `none of the sessions held back is ${regime ?? 'long enough to trade in'}` };
  const learned = await Promise.all(
    [{ bucket: source.bucket, version: source.version }, ...(parent === null ? [] : [{ bucket, version: parent.version }])].map((of) =>
      registry.versions.lineage(instrument, of.bucket, of.version),
    ),
  );
  const from = new Date(bars.closeTime[validation.from] ?? NaN).toISOString();
  const verdict = checkWindow({ from, reachMs: reachMsOf(dataset) }, learned.flat());
  return verdict.clean ? { validation } : { unmeasured: verdict.reason };
};

/** What the source's episodes were drawn from; the one horizon that it serves with, where that is not known. */
const horizonRange = async (
  { registry }: ProposalDependencies,
  { instrument, source }: ProposeRequest,
  { bundle }: ExaminedSource,
): Promise<{ readonly shortest: number; readonly longest: number }> => {
  const version = await registry.versions.get(instrument, source.bucket, source.version);
  const run = version?.run === null || version === null ? null : await registry.runs.get(version.run);
  if (run === null) return { shortest: bundle.horizon, longest: bundle.horizon };
  const { shortestHorizon, horizon } = ratchetConfig.parse(run.config).training.hindsight;
  return { shortest: shortestHorizon ?? horizon, longest: horizon };
};

/** Environment steps between two lessons, by what an episode is on average; null where the teacher is listened to once. */
const lessonEvery = ({ progressive: { transfer } }: RatchetConfig, { bars, sessions }: FrozenDataset): number | null =>
  transfer.periodicEpisodes === null ? null : Math.ceil((Math.max(transfer.periodicEpisodes, transfer.cooldownEpisodes) * bars) / sessions);

interface TrialGround {
  readonly handed: Pick<HandedOn, 'kinds' | 'horizons' | 'repeatEvery'>;
  readonly bars: BarSeries;
  readonly validation: BarRange;
}

const planTrial = async (
  { artifacts }: ProposalDependencies,
  config: RatchetConfig,
  { source, dataset }: ProposeRequest,
  { handed, bars, validation }: TrialGround,
): Promise<TrialPlan | { readonly unmeasured: string }> => {
  const { seeds, steps = config.training.trainSteps, parallel } = config.progressive.transfer.control;
  if (seeds === 0) return { unmeasured: 'the control was switched off to save its time' };
  const { regime } = config.training.environment;
  const sessions = tradableSessions(bars, validation, 0);
  const training = withBudget(config.training, Math.min(steps, config.training.trainSteps));
  const { trainSteps } = training;
  const trial = { ...config, training, evaluation: { ...config.evaluation, validation: { ...config.evaluation.validation, trainSteps } } };
  return {
    config: await artifacts.put(new TextEncoder().encode(canonicalJson(trial))),
    plan: handOnPlan(config.progressive, { ...source, ...handed }),
    training: dataset.training,
    validation,
    periodsPerYear: periodsPerYear(bars, sessions, regime),
    seeds,
    parallel,
  };
};

const sizesOf = (
  { bundle, tensors }: ExaminedSource,
  kinds: readonly TransferKind[],
  horizons: readonly HorizonWeight[],
): TransferSizes => {
  const weights = tensors.filter(({ name }) => name.startsWith('online/')).reduce((sum, { values }) => sum + values.length, 0);
  const all = { weights, featureImportance: bundle.observation.features.length, horizons: horizons.length, distillation: weights };
  return Object.fromEntries(kinds.map((kind) => [kind, all[kind]]));
};
