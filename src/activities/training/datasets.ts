import { trainingOfBucket } from '../../config/buckets/bucket-training.js';
import { frequencyMs, frequencyText, sessionStarts, type BarSeries } from '../../domain/market/bars.js';
import type { Dataset } from '../../domain/market/dataset.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { DataFile } from '../../domain/learner/data-file.js';
import { DEFAULT_BUCKET } from '../../domain/agent/bucket.js';
import { checkWindow } from '../../domain/lineage/check-window.js';
import { firstCleanBar } from '../../domain/lineage/clean-sessions.js';
import type { QualityReport } from '../../domain/market/quality.js';
import type { FreezeRequest, FreezeResult } from '../../domain/training/run-steps.js';
import { holdBack } from '../../domain/transfer/hold-back.js';
import { splitDataset, TooLittleData } from '../../domain/market/split.js';
import { assertStamps } from '../../evaluation/leakage/assert-stamps.js';
import { aggregateBars } from '../../market/aggregate.js';
import { freezeDataset as freeze } from '../../market/freeze-dataset.js';
import { joinClosingPrints } from '../../market/ingest/join-closing-prints.js';
import { mergeBars, NoBars } from '../../market/ingest/merge-bars.js';
import { assessQuality } from '../../market/quality/assess-quality.js';
import type { IngestedFile } from '../../registry/files.js';
import { BadConfig } from '../bad-config.js';
import type { ActivityDependencies } from '../dependencies.js';
import { withHeartbeat } from '../heartbeat.js';
import { ingestReported } from '../market/ingest-reported.js';
import { readFileLists } from '../market/file-lists.js';
import { productionLineage } from '../versions/production-lineage.js';
import { bucketPurge } from './training-reach.js';

export interface DatasetActivities {
  /**
   * Ingests reported files, freezes all bars of the instrument into one dataset, and splits it, holding out newest sessions that production has not
   * learned from. Repeating it gives the same dataset.
   */
  freezeDataset(request: FreezeRequest): Promise<FreezeResult>;
}

export const createDatasetActivities = (dependencies: ActivityDependencies): DatasetActivities => ({
  freezeDataset: ({ instrument: id, bucket, asked, plan, files, lists }) =>
    withHeartbeat(async (doing) => {
      const { registry, artifacts, config, markets } = dependencies;
      const instrument = markets.instrument(id);
      const { frequency } = trainingOfBucket(config, bucket, plan).environment;
      const reported = [...files, ...(await readFileLists(artifacts, lists))];
      const problems = await ingestAll(dependencies, instrument, reported, doing);
      doing('merging bars');
      try {
        const { bars, report } = await gatherBars(dependencies, instrument, frequency, await registry.files.ofInstrument(id));
        doing('freezing the dataset');
        const learned = await productionLineage(registry, id, bucket);
        const purge = bucketPurge(config, bucket, bars.frequencyMs, learned, plan);
        const reachMs = purge * bars.frequencyMs;
        const whole = splitDataset(bars, config.evaluation, purge, firstCleanBar(bars, reachMs, learned));
        const split = bucket === DEFAULT_BUCKET ? whole : holdBack(bars, whole, config.progressive.transfer.validationShare);
        const newest = checkWindow({ from: closeOf(bars, sessionStarts(bars).at(-2)), reachMs }, learned);
        if (!newest.clean) return refused(`nothing to compare with production on: ${newest.reason}`, problems);
        const dataset = await freezeBars(dependencies, instrument, { bars, report });
        const last = asked ? null : await newestRun(dependencies, id);
        if (last?.dataset === dataset.id) return refused(`nothing new since ${last.id}: the same bars give the same dataset`, problems);
        const trainedTo = closeOf(bars, split.training.to - 1);
        const judgedFrom = closeOf(bars, split.evaluation.from);
        return {
          kind: 'frozen',
          dataset: { ...dataset, ...split, trainedTo, judgedFrom },
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

/** All bars of the instrument at the length that decisions are taken at, never finer than the data. */
export const gatherBars = async (
  { markets, folders }: Pick<ActivityDependencies, 'markets' | 'folders'>,
  instrument: Instrument,
  frequency: string,
  ingested: readonly IngestedFile[],
): Promise<{ readonly bars: BarSeries; readonly report: QualityReport }> => {
  const calendar = markets.calendarOf(instrument);
  const files = ingested.map(({ report }) => report);
  const merged = await mergeBars({ instrument: instrument.id, calendar, barsFolder: folders.bars, files });
  assertStamps({ ...merged, outside: merged.closedSession.closeTimes });
  const sum = (key: 'lines' | 'repaired' | 'quarantined'): number => files.reduce((total, file) => total + file[key], 0);
  const lines = { lines: sum('lines'), repaired: sum('repaired'), quarantined: sum('quarantined') };
  const report = assessQuality({ ...merged, calendar, tickSize: instrument.tickSize, ingested: lines });
  const wanted = frequencyMs(frequency);
  if (wanted > merged.bars.frequencyMs && wanted % merged.bars.frequencyMs !== 0)
    throw new BadConfig(
      `training.environment.frequency is ${frequency}, and the bars of ${instrument.id} last ${frequencyText(merged.bars.frequencyMs)}: expected a multiple of that`,
    );
  const traded = joinClosingPrints(merged.bars, merged.sessions);
  const bars = wanted > traded.frequencyMs ? aggregateBars(traded, merged.sessions, wanted) : traded;
  return { bars, report };
};

/** The gathered bars as a registered dataset; the same bars give the same one. */
export const freezeBars = async (
  { registry, artifacts, folders }: Pick<ActivityDependencies, 'registry' | 'artifacts' | 'folders'>,
  { simulated }: Instrument,
  { bars, report }: { readonly bars: BarSeries; readonly report: QualityReport },
): Promise<Dataset> =>
  registry.datasets.save(await freeze(bars, { artifacts, quality: report.score, simulated, temporaryFolder: folders.temporary }));

/** Close of a bar, ISO 8601. */
const closeOf = ({ closeTime }: BarSeries, bar: number | undefined): string => new Date(closeTime[bar ?? -1] ?? NaN).toISOString();

/** The newest run that ended with a decision. */
const newestRun = async ({ registry }: ActivityDependencies, instrument: string) => {
  const [newest] = await registry.decisions.list({ instrument, limit: 1 });
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
