/** How much a layer's units say: the mean of |output| over some states, by unit. */
export interface LayerActivity {
  readonly layer: string;
  readonly meanAbsolute: Float32Array;
}

/** Share of the layer's mean activity at or below which a unit is dormant (Sokar et al. 2023, arXiv 2302.12902). */
export const DORMANT = 0.025;

/** Which units are dormant: their mean |output| over that of the layer's units is at most `threshold`; all of them, where the layer says nothing. */
export const dormantUnits = (meanAbsolute: Float32Array, threshold = DORMANT): number[] => {
  const mean = meanAbsolute.reduce((sum, value) => sum + value, 0) / meanAbsolute.length;
  return [...meanAbsolute.keys()].filter((unit) => !(meanAbsolute[unit]! > threshold * mean));
};

/** Activity of a network's hidden layers in figures: of the layer that has most dormant units, and over all. */
export const activityFigures = (layers: readonly LayerActivity[]) => {
  const units = layers.reduce((sum, { meanAbsolute }) => sum + meanAbsolute.length, 0);
  const dormant = layers.map(({ meanAbsolute }) => dormantUnits(meanAbsolute).length);
  const total = layers.reduce((sum, { meanAbsolute }) => sum + meanAbsolute.reduce((all, value) => all + value, 0), 0);
  const squares = layers.reduce((sum, { meanAbsolute }) => sum + meanAbsolute.reduce((all, value) => all + value * value, 0), 0);
  const mean = total / units;
  return {
    /** Of the worst layer. */
    dormantShare: Math.max(...layers.map(({ meanAbsolute }, i) => dormant[i]! / meanAbsolute.length)),
    dormantShareOverall: dormant.reduce((sum, count) => sum + count, 0) / units,
    silentShare: layers.reduce((sum, { meanAbsolute }) => sum + dormantUnits(meanAbsolute, 0).length, 0) / units,
    activationMean: mean,
    /** Over units. */
    activationDeviation: Math.sqrt(Math.max(0, squares / units - mean * mean)),
  };
};
