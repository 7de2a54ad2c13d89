import { SITUATION_FEATURES, situationName } from '../../domain/experience/situation.js';
import { frequencyMs } from '../../domain/market/bars.js';
import { computeFeatures } from '../../market/features/compute-features.js';
import type { ActivityDependencies } from '../dependencies.js';
import { readStoredBars } from '../paper/stored-bars.js';

/** Trades of one statement. */
const TRADES = 1_000;

/**
 * Notes the market situation of each of an instrument's trades that has none yet, at the bars that `training.environment.frequency` says: that of the
 * newest bar that had closed at the decision. Bars that were not stored then are looked for only once.
 */
export const placeTrades = async (
  dependencies: Pick<ActivityDependencies, 'registry' | 'config' | 'markets' | 'folders'>,
  instrument: string,
): Promise<number> => {
  const { registry, config } = dependencies;
  const barMs = frequencyMs(config.training.environment.frequency);
  const name = situationName(barMs);
  let placed = 0;
  let trades = await registry.experiences.unplaced(instrument, name, TRADES);
  if (trades.length === 0) return placed;
  const featuresAt = await situationsOf(dependencies, instrument, barMs);
  while (trades.length > 0) {
    await registry.experiences.place(
      name,
      trades.map(({ id, decisionTime }) => ({ id, features: featuresAt(Date.parse(decisionTime)) })),
    );
    placed += trades.length;
    trades = await registry.experiences.unplaced(instrument, name, TRADES);
  }
  return placed;
};

const situationsOf = async (
  dependencies: Pick<ActivityDependencies, 'registry' | 'markets' | 'folders'>,
  instrument: string,
  barMs: number,
): Promise<(time: number) => Float32Array | null> => {
  const stored = await readStoredBars(dependencies, instrument, barMs);
  if (stored === null) return () => null;
  const { closeTime } = stored.bars;
  const { values } = computeFeatures(stored.bars, SITUATION_FEATURES);
  const width = SITUATION_FEATURES.length;
  return (time) => {
    const bar = lastClosedBy(closeTime, time);
    if (bar < 0 || time - (closeTime[bar] ?? NaN) >= barMs) return null;
    const features = values.slice(bar * width, (bar + 1) * width);
    return features.every(Number.isFinite) ? features : null;
  };
};

/** The last bar that closed at or before a time; -1 where none did. */
const lastClosedBy = (closeTime: Float64Array, time: number): number => {
  let [from, to] = [0, closeTime.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((closeTime[middle] ?? Infinity) <= time) from = middle + 1;
    else to = middle;
  }
  return from - 1;
};
