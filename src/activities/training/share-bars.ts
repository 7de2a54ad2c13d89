import type { TrainingConfig } from '../../config/sections/training.js';
import { barsOfSessionsEndedBy, frequencyMs } from '../../domain/market/bars.js';
import type { Dataset } from '../../domain/market/dataset.js';
import type { FrozenDataset, LeftOut } from '../../domain/training/run-steps.js';
import type { SharedMarket } from '../../domain/training/trainer-protocol.js';
import { sliceBars } from '../../evaluation/leakage/slice-bars.js';
import type { ActivityDependencies, Markets } from '../dependencies.js';
import { sessionsToShare } from '../trainer/prepare-training.js';
import { freezeBars, gatherBars } from './gather-bars.js';

export interface SharingTraining {
  readonly training: Pick<TrainingConfig, 'environment'>;
  /** Length of the instrument's own bars. */
  readonly frequency: string;
  /** Close of the last own bar that is trained on, ISO 8601. */
  readonly trainedTo: string;
}

/**
 * Freezes, of each instrument that `shared_with` names for this one, the sessions that had ended when the last own bar of training closed: at the same
 * hour alike markets tell of each other. One without bars that can be read and trained on is left out, with the reason.
 */
export const freezeShared = async (
  dependencies: Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config' | 'markets' | 'folders' | 'logger'>,
  instrument: string,
  training: SharingTraining,
): Promise<Pick<FrozenDataset, 'shared' | 'leftOut'>> => {
  const shared: Dataset[] = [];
  const leftOut: LeftOut[] = [];
  for (const other of dependencies.config.sharedWith[instrument] ?? []) {
    const frozen = await freezeOther(dependencies, other, training);
    if (typeof frozen !== 'string') shared.push(frozen);
    else {
      leftOut.push({ instrument: other, reason: frozen });
      dependencies.logger.warn('an instrument shares no bars', { instrument, other, reason: frozen });
    }
  }
  return { ...(shared.length > 0 && { shared }), ...(leftOut.length > 0 && { leftOut }) };
};

/** Shared datasets with the contracts that they are traded in. Throws `InstrumentUnknown`. */
export const sharedMarkets = (shared: readonly Dataset[], { instrument }: Pick<Markets, 'instrument'>): SharedMarket[] =>
  shared.map(({ id, artifact, instrument: of }) => ({ instrument: instrument(of), dataset: { id, artifact } }));

/** The dataset, or why there is none. */
const freezeOther = async (
  dependencies: Parameters<typeof freezeShared>[0],
  id: string,
  { training, frequency, trainedTo }: SharingTraining,
): Promise<Dataset | string> => {
  const { registry, config, markets } = dependencies;
  const instrument = markets.instrument(id);
  const files = await registry.files.ofInstrument(id);
  let gathered: Awaited<ReturnType<typeof gatherBars>>;
  try {
    gathered = await gatherBars(dependencies, instrument, frequency, files); // reads nothing but the files of its bars: trying again mends none of them
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { bars, report } = gathered;
  const { threshold } = config.quality;
  if (bars.frequencyMs !== frequencyMs(frequency)) return `its bars last ${bars.frequencyMs / 1_000} s: expected ${frequency}`;
  if (report.score < threshold) return `data quality ${report.score.toFixed(4)} is below ${threshold}`;
  const before = sliceBars(bars, 0, barsOfSessionsEndedBy(bars, Date.parse(trainedTo)));
  if (sessionsToShare(before, training).length > 0) return freezeBars(dependencies, instrument, { bars: before, report });
  const { regime } = training.environment;
  return `none of its sessions until ${trainedTo} ${regime === undefined ? '' : `is ${regime} and `}can be traded with a whole observation: it has ${before.length} bars until then`;
};
