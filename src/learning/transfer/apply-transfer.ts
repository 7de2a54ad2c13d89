import type { ObservationSchema } from '../../domain/agent/observation.js';
import type { RandomStream } from '../../domain/ports.js';
import { startingHorizons, type HorizonWeight } from '../../domain/transfer/horizons.js';
import type { TransferKind, TransferOutcome, TransferPlan } from '../../domain/transfer/plan.js';
import type { OnnxGraph } from '../export/onnx-model.js';
import type { NamedTensor } from '../learner.js';
import { teacherFor, type Teacher } from './distillation.js';
import { blendImportance, gradientImportance, permutationImportance, type FeatureImportance } from './feature-importance.js';
import { withImportancePrior } from './importance-prior.js';
import { mapInputs } from './input-map.js';
import { transferWeights, type WeightSource } from './transfer-weights.js';

/** A model that knowledge is taken from. */
export interface KnowledgeSource extends WeightSource {
  /** As it is served. */
  readonly graph: OnnxGraph;
  /** States that it meets, [count × size] row-major. */
  readonly states: Float32Array;
  /** Horizons that worked for it; none unless given. */
  readonly horizons?: readonly HorizonWeight[];
}

/** A learner that is about to start. */
export interface TransferTarget {
  /** Its fresh state. */
  readonly fresh: readonly NamedTensor[];
  readonly schema: ObservationSchema;
  /** What it goes on from, with its share of the weights; null from scratch. */
  readonly parent: (WeightSource & { readonly share: number }) | null;
  /** Horizons that its episodes may have, in bars. */
  readonly horizons: { readonly shortest: number; readonly longest: number };
}

/** How a training starts after a transfer. */
export interface TransferredStart {
  readonly state: readonly NamedTensor[];
  /** To be listened to at first (`distillation`); null without. */
  readonly teacher: Teacher | null;
  /** To draw episodes' horizons from; null without. */
  readonly horizons: readonly HorizonWeight[] | null;
  /** Of the source's features; null without. */
  readonly importance: FeatureImportance | null;
  readonly outcome: TransferOutcome;
}

/**
 * Hands on what a plan says: feature importance shapes the fresh first layer, the parent and then the source's weights are blended into what that
 * leaves, horizons and a teacher go along. Throws `ParentUnfit` where weights cannot be blended, and `SchemasDiffer`.
 */
export const applyTransfer = (
  target: TransferTarget,
  source: KnowledgeSource,
  { source: id, kinds, shares }: TransferPlan,
  random: RandomStream,
): TransferredStart => {
  const has = (kind: TransferKind): boolean => kinds.includes(kind);
  const importance = has('featureImportance') ? importanceOf(source, random) : null;
  const equal = Object.fromEntries(target.schema.features.map((feature) => [feature, 1 / target.schema.features.length]));
  const prior = importance && blendImportance(importance, equal, shares.featureImportance);
  const prepared = prior === null ? target.fresh : withImportancePrior(target.fresh, target.schema, prior);
  const { parent } = target;
  const begun = parent === null ? prepared : transferWeights(prepared, target.schema, parent, parent.share);
  const state = has('weights') ? transferWeights(begun, target.schema, source, shares.weights) : begun;
  const horizons = has('horizons') ? startingHorizons(source.horizons ?? [], target.horizons, shares.horizons) : null;
  const teacher = has('distillation') ? teacherFor(source.graph, source.schema, target.schema, source.means) : null;
  const { added, removed } = mapInputs(source.schema, target.schema);
  const count = (tensors: readonly { readonly values: Float32Array }[]): number =>
    tensors.reduce((sum, { values }) => sum + values.length, 0);
  return {
    state,
    teacher,
    horizons,
    importance,
    outcome: {
      source: id,
      kinds,
      sizes: {
        ...(has('weights') ? { weights: count(source.tensors.filter(({ name }) => name.startsWith('online/'))) } : {}),
        ...(importance === null ? {} : { featureImportance: Object.keys(importance).length }),
        ...(horizons === null ? {} : { horizons: source.horizons?.length ?? 0 }),
        ...(teacher === null ? {} : { distillation: count(teacher.weights) }),
      },
      added,
      removed: [...new Set(removed.map(({ feature }) => feature))].filter((feature) => !target.schema.features.includes(feature)),
    },
  };
};

/** Permutation and gradient importance in equal parts. */
const importanceOf = ({ graph, schema, states }: KnowledgeSource, random: RandomStream): FeatureImportance =>
  blendImportance(permutationImportance({ graph, schema, states }, random), gradientImportance({ graph, schema, states }), 0.5);
