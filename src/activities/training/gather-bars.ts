import { frequencyMs, frequencyText, type BarSeries } from '../../domain/market/bars.js';
import type { Dataset } from '../../domain/market/dataset.js';
import type { Instrument } from '../../domain/market/instrument.js';
import type { QualityReport } from '../../domain/market/quality.js';
import { assertStamps } from '../../evaluation/leakage/assert-stamps.js';
import { aggregateBars } from '../../market/aggregate.js';
import { freezeDataset as freeze } from '../../market/freeze-dataset.js';
import { joinClosingPrints } from '../../market/ingest/join-closing-prints.js';
import { mergeBars } from '../../market/ingest/merge-bars.js';
import { assessQuality } from '../../market/quality/assess-quality.js';
import type { IngestedFile } from '../../registry/files.js';
import { BadConfig } from '../bad-config.js';
import type { ActivityDependencies } from '../dependencies.js';

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
