import { trainingOfBucket } from '../../config/buckets/bucket-training.js';
import { frequencyText, sessionStarts, type BarSeries } from '../../domain/market/bars.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { DataFile } from '../../domain/learner/data-file.js';
import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import { checkWindow } from '../../domain/lineage/check-window.js';
import { firstCleanBar } from '../../domain/lineage/clean-sessions.js';
import type { QualityReport } from '../../domain/market/quality.js';
import type { FreezeRequest, FreezeResult } from '../../domain/training/run-steps.js';
import { holdBack } from '../../domain/transfer/hold-back.js';
import { splitDataset, TooLittleData } from '../../domain/market/split.js';
import { missingRegime } from '../../learning/environment/sessions.js';
import { NoBars } from '../../market/ingest/merge-bars.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { ingestReported } from '../market/ingest-reported.js';
import { readFileLists } from '../market/file-lists.js';
import { firstDecisionIn } from '../trainer/prepare-training.js';
import { productionLineage } from '../versions/production-lineage.js';
import { freezeBars, gatherBars } from './gather-bars.js';
import { freezeShared } from './share-bars.js';
import { bucketPurge } from './training-reach.js';

export interface DatasetActivities {
  /**
   * Ingests reported files, freezes all bars of the instrument into one dataset, and splits it, holding out newest sessions that production has not
   * learned from; freezes what other instruments share with it as well. Repeating it gives the same datasets.
   */
  freezeDataset(request: FreezeRequest): Promise<FreezeResult>;
}

export const createDatasetActivities = (dependencies: ActivityDependencies): DatasetActivities => ({
  freezeDataset: ({ instrument: id, bucket, asked, plan, files, lists }) =>
    withHeartbeat(async (doing) => {
      const { registry, artifacts, config, markets } = dependencies;
      const instrument = markets.instrument(id);
      const training = trainingOfBucket(config, bucket, plan);
      const reported = [...files, ...(await readFileLists(artifacts, lists))];
      const problems = await ingestAll(dependencies, instrument, reported, doing);
      doing('merging bars');
      try {
        const { bars, report } = await gatherBars(
          dependencies,
          instrument,
          training.environment.frequency,
          await registry.files.ofInstrument(id),
        );
        doing('freezing the dataset');
        const learned = await productionLineage(registry, id, bucket);
        const purge = bucketPurge(config, bucket, bars.frequencyMs, learned, plan);
        const reachMs = purge * bars.frequencyMs;
        const whole = splitDataset(bars, config.evaluation, purge, firstCleanBar(bars, reachMs, learned));
        const split = bucket === DEFAULT_BUCKET ? whole : holdBack(bars, whole, config.progressive.transfer.validationShare);
        const { regime } = training.environment;
        const missing = regime === undefined ? null : missingRegime(bars, split, firstDecisionIn(bars, training), regime);
        if (missing !== null) return refused(missing, problems);
        const newest = checkWindow({ from: closeOf(bars, sessionStarts(bars).at(-2)), reachMs }, learned);
        if (!newest.clean) return refused(`nothing to compare with production on: ${newest.reason}`, problems);
        const dataset = await freezeBars(dependencies, instrument, { bars, report });
        const last = asked ? null : await newestRun(dependencies, id, bucket);
        if (last?.dataset === dataset.id) return refused(`nothing new since ${last.id}: the same bars give the same dataset`, problems);
        const trainedTo = closeOf(bars, split.training.to - 1);
        const judgedFrom = closeOf(bars, split.evaluation.from);
        doing('freezing the bars of other instruments');
        const sharing = await freezeShared(dependencies, id, { training, frequency: frequencyText(bars.frequencyMs), trainedTo });
        return {
          kind: 'frozen',
          dataset: { ...dataset, ...split, trainedTo, judgedFrom, ...sharing },
          report: withoutExamples(report),
          qualityThreshold: config.quality.threshold,
        };
      } catch (error) {
        if (error instanceof NoBars || error instanceof TooLittleData) return refused(error.message, problems);
        throw error;
      }
    }),
});

/** Ingests files one after another; one that cannot be used does not keep the others back. Returns what was wrong. */
const ingestAll = async (
  dependencies: ActivityDependencies,
  instrument: Instrument,
  files: readonly DataFile[],
  doing: (what: string) => void,
): Promise<string[]> => {
  const problems: string[] = [];
  for (const [index, file] of files.entries()) {
    doing(`ingesting file ${index + 1} of ${files.length}: ${file.pathId}`);
    const problem = await ingestReported(dependencies, instrument, file);
    if (problem !== null) problems.push(problem);
  }
  return problems;
};

/** Close of a bar, ISO 8601. */
const closeOf = ({ closeTime }: BarSeries, bar: number | undefined): string => new Date(closeTime[bar ?? -1] ?? NaN).toISOString();

/** The newest run of a bucket that ended with a decision. */
const newestRun = async ({ registry }: ActivityDependencies, instrument: string, bucket: string) => {
  const [newest] = await registry.decisions.list({ instrument, bucket, limit: 1 });
  return newest?.run === undefined || newest.run === null ? null : registry.runs.get(newest.run);
};

const refused = (why: string, problems: readonly string[]): FreezeResult => ({
  kind: 'refused',
  summary: [why, ...problems].join('; ').slice(0, 1_000),
});

/** Results stay small: the examples are in the quality report that `ratchet quality` makes. */
const withoutExamples = (report: QualityReport): QualityReport => ({
  ...report,
  findings: report.findings.map((finding) => ({ ...finding, examples: [] })),
});
