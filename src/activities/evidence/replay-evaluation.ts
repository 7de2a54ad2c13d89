import { ArtifactMissing } from '../../domain/artifact-errors.js';
import type { ArtifactStore } from '../../domain/ports.js';
import { returnHash } from '../../evaluation/backtest/return-hash.js';
import { playContest } from '../../evaluation/evaluate-models.js';
import { periodsPerYear } from '../../evaluation/periods-per-year.js';
import { readDataset } from '../../market/bar-store.js';
import { withContenders } from '../evaluation/contender.js';
import { differencesBetween, type Difference } from './differences.js';
import type { EvaluationRecord } from './record.js';
import { playedPart } from './store-evaluation.js';

/** What playing the models of a stored evaluation again showed. */
export type Replay =
  | { readonly kind: 'played'; readonly compared: number; readonly differences: readonly Difference[] }
  /** The models or the bars were deleted: says which. */
  | { readonly kind: 'impossible'; readonly reason: string };

/**
 * Loads the models that an evaluation names and plays them again on its bars: every fill, cost and return by bar must be the record's, to the last
 * bit. Throws `ArtifactCorrupt`, and `UnsuitableModel` for a model that this version of Ratchet cannot load.
 */
export const replayEvaluation = async (artifacts: ArtifactStore, record: EvaluationRecord): Promise<Replay> => {
  const { dataset, instrument, sessions, environment, candidate, production, gate } = record;
  try {
    const bars = await readDataset(await artifacts.file(dataset.artifact));
    const again = await withContenders(artifacts, { candidate, production }, bars, environment, async (loaded) => {
      const models = { candidate: loaded.candidate.model, production: loaded.production?.model ?? null };
      const played = await playContest({ bars, instrument, sessions, gate, ...models });
      return playedPart(played, bars, (series) => Promise.resolve(returnHash(series)));
    });
    const { regimes, closeTimes, played, periodsPerYear: annual } = record;
    const made: unknown = JSON.parse(
      JSON.stringify({ replay: { ...again, periodsPerYear: periodsPerYear(bars, sessions, environment.regime) } }),
    );
    return { kind: 'played', ...differencesBetween({ replay: { regimes, closeTimes, played, periodsPerYear: annual } }, made) };
  } catch (error) {
    if (error instanceof ArtifactMissing) return { kind: 'impossible', reason: error.message };
    throw error;
  }
};
