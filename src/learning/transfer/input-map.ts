import { observationSize, PRIVATE_STATE, type ObservationSchema } from '../../domain/agent/observation.js';

/** Where an input of the target comes from: source = target × `scale` + `offset`, both being the same raw number in the units of either schema. */
export interface MappedInput {
  readonly target: number;
  readonly source: number;
  readonly scale: number;
  readonly offset: number;
}

/** How the state vectors of two schemas belong together. */
export interface InputMap {
  readonly sourceSize: number;
  readonly targetSize: number;
  readonly mapped: readonly MappedInput[];
  /** Inputs of the source that the target does not have, with their feature. */
  readonly removed: readonly { readonly source: number; readonly feature: string }[];
  /** Features that only the target has. */
  readonly added: readonly string[];
}

/** Two schemas that nothing can be carried over between. */
export class SchemasDiffer extends Error {
  override readonly name = 'SchemasDiffer';
}

/** Where a layer's inputs come from: all of an observation's, or those of one patch of a convolution. */
type Window = Pick<InputMap, 'mapped' | 'removed' | 'added'>;

/**
 * Pairs inputs by the name of their feature and their age in bars: the newest rows of both windows are the same bar, whichever is longer. The private
 * state is the same in all. Throws `SchemasDiffer` when the bars are not of the same length, which makes a feature another one.
 */
export const mapInputs = (source: ObservationSchema, target: ObservationSchema): InputMap => {
  const [sourceSize, targetSize] = [observationSize(source), observationSize(target)];
  const { mapped, ...rest } = mapWindow(source, target);
  const account = PRIVATE_STATE.map((_, i) => ({ target: targetSize - 1 - i, source: sourceSize - 1 - i, scale: 1, offset: 0 }));
  return { sourceSize, targetSize, mapped: [...mapped, ...account], ...rest };
};

/**
 * The same within one patch of a convolution, of so many rows: it is the same in every patch. Throws `SchemasDiffer` where the look-backs differ too,
 * because the patches would then not be of the same bars.
 */
export const mapPatch = (source: ObservationSchema, target: ObservationSchema, rows: number): InputMap => {
  if (source.lookback !== target.lookback)
    throw new SchemasDiffer(
      `the source looks back ${source.lookback} bars and the target ${target.lookback}: a convolution is handed on between equal look-backs only`,
    );
  const [from, to] = [
    { ...source, lookback: rows },
    { ...target, lookback: rows },
  ];
  return { sourceSize: rows * source.features.length, targetSize: rows * target.features.length, ...mapWindow(from, to) };
};

const mapWindow = (source: ObservationSchema, target: ObservationSchema): Window => {
  if (source.frequencyMs !== target.frequencyMs)
    throw new SchemasDiffer(
      `the source's bars last ${source.frequencyMs} ms and the target's ${target.frequencyMs}: a feature of one is no feature of the other; aggregate to one frequency, or distil`,
    );
  const mapped: MappedInput[] = [];
  const removed: { source: number; feature: string }[] = [];
  for (let age = 0; age < source.lookback; age++)
    source.features.forEach((feature, column) => {
      const from = (source.lookback - 1 - age) * source.features.length + column;
      const at = target.features.indexOf(feature);
      if (at < 0 || age >= target.lookback) removed.push({ source: from, feature });
      else
        mapped.push({
          target: (target.lookback - 1 - age) * target.features.length + at,
          source: from,
          ...rescale(source, column, target, at),
        });
    });
  return { mapped, removed, added: target.features.filter((feature) => !source.features.includes(feature)) };
};

/** Between two normalisations of one raw number. */
const rescale = (
  { normaliser: from }: ObservationSchema,
  column: number,
  { normaliser: to }: ObservationSchema,
  at: number,
): Pick<MappedInput, 'scale' | 'offset'> => ({
  scale: to.scale[at]! / from.scale[column]!,
  offset: (to.mean[at]! - from.mean[column]!) / from.scale[column]!,
});
