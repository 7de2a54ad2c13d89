import { ratchetConfig, type RatchetConfig } from '../../config/ratchet.js';
import { frequencyText, sessionStarts, type BarSeries } from '../../domain/market/bars.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import { operationKey } from '../../domain/ids.js';
import type { ArtifactStore } from '../../domain/ports.js';
import { purgeBars, splitDataset } from '../../domain/market/split.js';
import { combinatorialPurged } from '../../domain/validation/combinatorial.js';
import type { ValidationResult } from '../../domain/validation/report.js';
import { TooFewSessions } from '../../domain/validation/session-groups.js';
import { hullOf, type Gap, type SplitPlan } from '../../domain/validation/split.js';
import type { ConclusionRequest, PlanRequest, ValidationMethod, ValidationPlan } from '../../domain/validation/steps.js';
import { walkForward } from '../../domain/validation/walk-forward.js';
import { periodsPerYear } from '../../evaluation/periods-per-year.js';
import { validationReport } from '../../evaluation/validation-report.js';
import { tradableSessions } from '../../learning/environment/sessions.js';
import { createRandom } from '../../learning/random.js';
import { readDataset } from '../../market/bar-store.js';
import { BadConfig } from '../bad-config.js';
import type { ActivityDependencies } from '../dependencies.js';
import { readSeries } from '../evidence/series.js';
import { withHeartbeat } from '../heartbeat.js';
import { configForRun } from '../training/run-budget.js';
import { trainingReach } from '../training/training-reach.js';

export interface ValidationActivities {
  /** Fixes dataset, configuration and splits. What is held out for the gate takes no part, so that it stays unseen. */
  planValidation(request: PlanRequest): Promise<ValidationPlan>;
  /** Puts the tests of all splits together, stores the report and tells of it. */
  concludeValidation(request: ConclusionRequest): Promise<ValidationResult>;
}

type ValidationDependencies = Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config'>;

/** Results of more trainings than this would not fit into one message. */
const MOST_TRAININGS = 500;

export const createValidationActivities = (dependencies: ValidationDependencies): ValidationActivities => ({
  planValidation: ({ instrument, method }) =>
    withHeartbeat(async (doing) => {
      const { registry, artifacts } = dependencies;
      const dataset = await registry.datasets.latest(instrument);
      if (dataset === null)
        throw new TooFewSessions(`no bars of ${instrument} are frozen yet: the first training freezes them; see "ratchet status"`);
      doing('dividing the sessions');
      const config = configForRun(dependencies.config, { frequency: frequencyText(dataset.frequencyMs), incremental: false });
      const { validation } = config.evaluation;
      const bars = await readDataset(await artifacts.file(dataset.artifact));
      const purge = purgeBars(trainingReach(config.training));
      const { training: open } = splitDataset(bars, config.evaluation, purge);
      const starts = sessionStarts(bars).filter((start) => start <= open.to);
      const plan = divide(method, starts, { before: purge, after: purge + validation.embargoBars }, validation);
      if (plan.splits.length * validation.trials > MOST_TRAININGS)
        throw new BadConfig(
          `${plan.splits.length} splits of ${validation.trials} trials are too many: expected ${MOST_TRAININGS} trainings at most; set fewer evaluation.validation.groups or trials`,
        );
      const { from, to } = hullOf(plan.splits.flatMap(({ training, test }) => [...training, ...test]).sort((a, b) => a.from - b.from));
      return {
        ...plan,
        dataset: { id: dataset.id, artifact: dataset.artifact, simulated: dataset.simulated },
        config: await putJson(artifacts, config),
        purgeBars: purge,
        embargoBars: validation.embargoBars,
        periodsPerYear: periodsPerYear(bars, plan.groups.flatMap((group) => tradableSessions(bars, group, 0))), // prettier-ignore
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
      await registry.events.append({
        kind: 'validated',
        instrument,
        actor: 'ratchet',
        payload: {
          validation: validationId,
          method,
          report: artifact,
          meanSharpe: report.sharpe?.mean ?? null,
          overfitting: report.overfitting?.probability ?? null,
        },
        operationKey: operationKey(key, 'conclude'),
      });
      return { artifact, report };
    }),
});

const divide = (
  method: ValidationMethod,
  starts: Int32Array,
  gap: Gap,
  { folds, window, groups, testedGroups }: RatchetConfig['evaluation']['validation'],
): SplitPlan =>
  method === 'walk-forward'
    ? walkForward({ starts, folds, window, gap })
    : combinatorialPurged({ starts, groups, tested: testedGroups, gap });

const putJson = (artifacts: ArtifactStore, value: unknown): Promise<string> =>
  artifacts.put(new TextEncoder().encode(canonicalJson(value)));

const closeOf = ({ closeTime }: BarSeries, bar: number): string => new Date(closeTime[bar] ?? NaN).toISOString();
