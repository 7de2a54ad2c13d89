import type { ComputeFeatures } from '../../domain/market/features.js';
import type { FeatureDefinition } from './definition.js';
import { FEATURES } from './table.js';

/** A feature was asked for that the table does not have. */
export class UnknownFeature extends Error {
  override readonly name = 'UnknownFeature';
  constructor(readonly feature: string) {
    super(`feature ${JSON.stringify(feature)} is not known: expected one of ${FEATURES.map(({ name }) => name).join(', ')}`);
  }
}

/** Computes the named features of bars, one row per bar. Throws `UnknownFeature`. */
export const computeFeatures: ComputeFeatures = (bars, names) => {
  const columns = names.map((name) => featureNamed(name).compute(bars));
  const values = new Float32Array(bars.length * names.length);
  for (const [column, series] of columns.entries())
    for (let row = 0; row < bars.length; row++) values[row * names.length + column] = series[row]!;
  return { names, rows: bars.length, values, warmUp: firstFiniteRow(columns, bars.length) };
};

const featureNamed = (name: string): FeatureDefinition => {
  const definition = FEATURES.find((feature) => feature.name === name);
  if (definition === undefined) throw new UnknownFeature(name);
  return definition;
};

const firstFiniteRow = (columns: readonly Float64Array[], rows: number): number => {
  const firsts = columns.map((series) => series.findIndex(Number.isFinite));
  return firsts.includes(-1) ? rows : Math.max(0, ...firsts);
};
