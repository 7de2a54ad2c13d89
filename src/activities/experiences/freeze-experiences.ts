import type { TrainingConfig } from '../../config/sections/training.js';
import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import { ArtifactMissing } from '../../domain/artifact-errors.js';
import type { ModelBundle } from '../../domain/model/model.js';
import type { FrozenDataset, ReplayedExperiences } from '../../domain/training/run-steps.js';
import { readModelBundle } from '../../learning/export/model-bundle.js';
import {
  emptyLivedDecisions,
  encodeLivedDecisions,
  joinLivedDecisions,
  type LivedDecisions,
} from '../../learning/replay/lived-decisions.js';
import type { TrainableExperience } from '../../registry/experiences/trainable.js';
import type { ActivityDependencies } from '../dependencies.js';

export interface FreezeExperiencesRequest {
  readonly instrument: string;
  readonly dataset: Pick<FrozenDataset, 'trainedTo' | 'frequencyMs' | 'shared'>;
  readonly training: TrainingConfig;
}

/** An explained experience is drawn twice as often; one whose outcome is far from the mean up to four times. */
const EXPLAINED = 2;
const FARTHEST = 3;

/**
 * Puts the experiences that a retrain may replay into one artifact: the newest `experiences.buffer_size` that were decided before the end of what is trained
 * on, by models of this instrument with the bins, bars and capital of this training; and likewise those of each instrument that shares its bars. Null where
 * the instrument has fewer than `auto_retrain.min_experiences`; others that do are left out.
 */
export const freezeExperiences = async (
  dependencies: Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config'>,
  { instrument, dataset, training }: FreezeExperiencesRequest,
): Promise<ReplayedExperiences | null> => {
  if (training.agent.algorithm !== 'dqn' || training.replay.newFraction === 0) return null;
  const own = await trainableOf(dependencies, instrument, dataset, training);
  if (own === null) return null;
  const others: (readonly TrainableExperience[] | null)[] = [];
  for (const shared of dataset.shared ?? []) others.push(await trainableOf(dependencies, shared.instrument, dataset, training));
  const all = [own, ...others.filter((lived) => lived !== null)];
  const newest = Math.max(...all.map((lived) => Date.parse(lived.at(-1)?.decisionTime ?? '')));
  const decisions = joinLivedDecisions(livedDecisions(own), others.map((lived) => lived && livedDecisions(lived))); // prettier-ignore
  return {
    artifact: await dependencies.artifacts.put(encodeLivedDecisions(decisions)),
    count: decisions.decidedAt.length,
    horizon: new Date(newest + dataset.frequencyMs).toISOString(),
  };
};

/** An instrument's, oldest first; null where they are too few. */
const trainableOf = async (
  { registry, artifacts, config }: Pick<ActivityDependencies, 'registry' | 'artifacts' | 'config'>,
  instrument: string,
  { trainedTo }: Pick<FrozenDataset, 'trainedTo'>,
  training: TrainingConfig,
): Promise<readonly TrainableExperience[] | null> => {
  const bundles = await bundlesOf(artifacts, await registry.experiences.bundlesSince(instrument, new Date(0).toISOString()));
  const schemas = bundles.filter((bundle) => isAlike(bundle, training)).map(({ schemaHash }) => schemaHash);
  const lived = await registry.experiences.trainable(instrument, schemas, { before: trainedTo, limit: config.experiences.bufferSize });
  return lived.length < Math.max(1, config.autoRetrain.minExperiences) ? null : lived;
};

/** Those that are still there: what a deleted model's experiences mean is known no more. */
const bundlesOf = async (artifacts: ActivityDependencies['artifacts'], ids: readonly string[]): Promise<ModelBundle[]> => {
  const read = ids.map(async (id) => {
    try {
      return [readModelBundle(await artifacts.get(id))];
    } catch (error) {
      if (error instanceof ArtifactMissing) return [];
      throw error;
    }
  });
  return (await Promise.all(read)).flat();
};

/** Whether its decisions mean the same in this training. */
const isAlike = ({ bins, environment: lived }: ModelBundle, { environment: task }: TrainingConfig): boolean =>
  bins.price === task.priceBins &&
  bins.quantity === task.quantityBins &&
  lived.frequency === task.frequency &&
  lived.cash === task.cash &&
  lived.maxPosition === task.maxPosition;

/** Experiences, oldest first, as columns: explained ones twice as emphasised as others, and outcomes the more, the farther they lie from the mean. */
export const livedDecisions = (lived: readonly TrainableExperience[]): LivedDecisions => {
  const decisions = emptyLivedDecisions(lived.length);
  const extreme = outcomeScore(lived.flatMap(({ pnl }) => pnl ?? []));
  for (const [
    at,
    { decisionTime, privateState, nextPrivateState, priceBin, quantityBin, reward, done, pnl, explained },
  ] of lived.entries()) {
    decisions.decidedAt[at] = Date.parse(decisionTime);
    decisions.privateState.set(privateState, at * PRIVATE_STATE.length);
    decisions.nextPrivateState.set(nextPrivateState, at * PRIVATE_STATE.length);
    decisions.price[at] = priceBin;
    decisions.quantity[at] = quantityBin;
    decisions.reward[at] = reward;
    decisions.done[at] = done ? 1 : 0;
    decisions.emphasis[at] = (explained ? EXPLAINED : 1) * (1 + (pnl === null ? 0 : extreme(pnl)));
  }
  return decisions;
};

/** How many standard deviations an outcome lies from the mean of all, three at most. */
const outcomeScore = (outcomes: readonly number[]): ((pnl: number) => number) => {
  const mean = outcomes.reduce((sum, pnl) => sum + pnl, 0) / outcomes.length;
  const deviation = Math.sqrt(outcomes.reduce((sum, pnl) => sum + (pnl - mean) ** 2, 0) / outcomes.length);
  return (pnl) => (deviation > 0 ? Math.min(FARTHEST, Math.abs(pnl - mean) / deviation) : 0);
};
