/** Figures of the last look at the network; null before the first. */
export interface NetworkHealth {
  /** Share of dormant units in the layer that has most of them, and over all layers. */
  readonly dormantShare: number | null;
  readonly dormantShareOverall: number | null;
  /** Share of units that say nothing at all. */
  readonly silentShare: number | null;
  /** Mean and deviation over units of their mean output. */
  readonly activationMean: number | null;
  readonly activationDeviation: number | null;
  /** Euclidean norm of all parameters, and of the largest one. */
  readonly weightNorm: number | null;
  readonly largestLayerNorm: number | null;
  /** Units that got a new start, so far. */
  readonly recycledUnits: number;
}
