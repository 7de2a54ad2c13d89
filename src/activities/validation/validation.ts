import { trainingOfBucket } from '../../config/buckets/bucket-training.js';
import { ratchetConfig, type RatchetConfig } from '../../config/ratchet.js';
import { frequencyText, sessionStarts, type BarSeries } from '../../domain/market/bars.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { operationKey } from '../../domain/ids.js';
import type { ArtifactStore } from '../../domain/ports.js';
import type { Dataset } from '../../domain/market/dataset.js';
import type { MarketRegime } from '../../domain/market/market-regime.js';
import { splitDataset } from '../../domain/market/split.js';
import { combinatorialPurged } from '../../domain/validation/combinatorial.js';
import type { ValidationResult } from '../../domain/validation/report.js';
import { TooFewSessions } from '../../domain/validation/session-groups.js';
import { gapsOf, hullOf, type Gap, type SplitPlan } from '../../domain/validation/split.js';
import type { ConclusionRequest, PlanRequest, ValidationMethod, ValidationPlan } from '../../domain/validation/steps.js';
import { walkForward } from '../../domain/validation/walk-forward.js';
import { periodsPerYear } from '../../evaluation/periods-per-year.js';
import { validationReport } from '../../evaluation/validation-report.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { createRandom } from '../../learning/random.js';
import { readDataset } from '../../market/bar-store.js';
import { NoBars } from '../../market/ingest/merge-bars.js';
import { validationPage } from '../../reports/validation/page.js';
import { BadConfig } from '../bad-config.js';
import type { ActivityDependencies } from '../dependencies.js';
import { readSeries } from '../evidence/series.js';
import { withHeartbeat } from '../heartbeat.js';
import { freezeBars, gatherBars } from '../training/gather-bars.js';
import { firstDecisionIn, sessionsToTrain } from '../trainer/prepare-training.js';
import { configForRun, configOfBucket } from '../training/run-budget.js';
import { bucketPurge } from '../training/training-reach.js';

export interface ValidationActivities {
  /** Fixes dataset, configuration and splits. What is held out for the gate takes no part, so that it stays unseen. */
  planValidation(request: PlanRequest): Promise<ValidationPlan>;
  /** Puts the tests of all splits together, stores the report and tells of it. */
  concludeValidation(request: ConclusionRequest): Promise<ValidationResult>;
}

type ValidationDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config' | 'markets' | 'folders'>;

/** Results of more trainings than this would not fit into one message. */
const MOST_TRAININGS = 500;

export const createValidationActivities = (dependencies: ValidationDependencies): ValidationActivities => ({
  planValidation: ({ instrument, bucket, method }) =>
    withHeartbeat(async (doing) => {
      const { artifacts } = dependencies;
      doing('gathering bars');
      const dataset = await frozenBars(dependencies, instrument, bucket);
      doing('dividing the sessions');
      const ofBucket = configOfBucket(dependencies.config, bucket, dataset);
      const config = configForRun(ofBucket, { frequency: frequencyText(dataset.frequencyMs), incremental: false });
      const { validation } = config.evaluation;
      const bars = await readDataset(await artifacts.file(dataset.artifact));
      const purge = bucketPurge(dependencies.config, bucket, bars.frequencyMs, []);
      const { training: open } = splitDataset(bars, config.evaluation, purge);
      const starts = sessionStarts(bars).filter((start) => start <= open.to);
      const plan = divide(method, starts, { before: purge, after: purge + validation.embargoBars }, validation);
      if (plan.splits.length * validation.trials > MOST_TRAININGS)
        throw new BadConfig(
          `${plan.splits.length} splits of ${validation.trials} trials are too many: expected ${MOST_TRAININGS} trainings at most; set fewer evaluation.validation.groups or trials`,
        );
      const { regime } = config.training.environment;
      if (regime !== undefined) assertRegime(bars, plan, firstDecisionIn(bars, config.training), regime);
      const { from, to } = hullOf(plan.splits.flatMap(({ training, test }) => [...training, ...test]).sort((a, b) => a.from - b.from));
      return {
        ...plan,
        dataset: { id: dataset.id, artifact: dataset.artifact, simulated: dataset.simulated },
        config: await putJson(artifacts, config),
        purgeBars: purge,
        embargoBars: validation.embargoBars,
        periodsPerYear: periodsPerYear(bars, plan.groups.flatMap((group) => tradableSessions(bars, group, 0)), regime), // prettier-ignore
        from: closeOf(bars, from),
        to: closeOf(bars, to - 1),
        trials: validation.trials,
        blocks: validation.blocks,
        parallel: validation.parallel,
      };
    }),

  concludeValidation: (request) =>
    withHeartbeat(async (doing) => {
      const { registry, artifacts } = dependencies;
      const { plan, results, validationId, instrument, method, key } = request;
      doing('putting the tests together');
      const series = await Promise.all(results.map(({ returns, bars }) => readSeries(artifacts, returns, bars.reduce((sum, count) => sum + count, 0)))); // prettier-ignore
      const { evaluation, training } = ratchetConfig.parse(JSON.parse(new TextDecoder().decode(await artifacts.get(plan.config))));
      const report = validationReport({
        ...request,
        series,
        replicates: evaluation.bootstrapReplicates,
        random: createRandom(training.seed, 'validation'),
      });
      const artifact = await putJson(artifacts, report);
      const page = await artifacts.put(new TextEncoder().encode(validationPage(report)));
      await registry.events.append({
        kind: 'validated',
        instrument,
        actor: 'ratchet',
        payload: {
          validation: validationId,
          method,
          bucket: request.bucket,
          report: artifact,
          page,
          meanSharpe: report.sharpe?.mean ?? null,
          overfitting: report.overfitting?.probability ?? null,
        },
        operationKey: operationKey(key, 'conclude'),
      });
      return { artifact, report };
    }),
});

/** All ingested bars of an instrument at the length that a bucket decides on. Throws `TooFewSessions` where there are none. */
const frozenBars = async (dependencies: ValidationDependencies, id: string, bucket: string): Promise<Dataset> => {
  const { registry, config, markets } = dependencies;
  const instrument = markets.instrument(id);
  const { frequency } = trainingOfBucket(config, bucket).environment;
  try {
    return await freezeBars(
      dependencies,
      instrument,
      await gatherBars(dependencies, instrument, frequency, await registry.files.ofInstrument(id)),
    );
  } catch (error) {
    throw error instanceof NoBars ? new TooFewSessions(error.message) : error;
  }
};

const divide = (
  method: ValidationMethod,
  starts: Int32Array,
  gap: Gap,
  { folds, window, groups, testedGroups }: RatchetConfig['evaluation']['validation'],
): SplitPlan =>
  method === 'walk-forward'
    ? walkForward({ starts, folds, window, gap })
    : combinatorialPurged({ starts, groups, tested: testedGroups, gap });

/** Throws `TooFewSessions` where a split has no session of the regime to train on, or none to judge on. */
export const assertRegime = (bars: BarSeries, { splits }: Pick<SplitPlan, 'splits'>, firstDecision: number, regime: MarketRegime): void => {
  for (const { name, training, test } of splits) {
    const trained = sessionsToTrain(bars, hullOf(training), { firstDecision, regime, heldOut: gapsOf(training) });
    const tested = test.flatMap((range) => tradableSessions(bars, range, firstDecision, regime));
    for (const [sessions, what] of [
      [trained, 'to train on'],
      [tested, 'to judge on'],
    ] as const)
      if (sessions.length === 0) throw new TooFewSessions(`split ${name} has no ${regime} session ${what}`);
  }
};

const putJson = (artifacts: ArtifactStore, value: unknown): Promise<string> =>
  artifacts.put(new TextEncoder().encode(canonicalJson(value)));

const closeOf = ({ closeTime }: BarSeries, bar: number): string => new Date(closeTime[bar] ?? NaN).toISOString();
