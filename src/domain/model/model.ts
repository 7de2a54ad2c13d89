import type { ActionBins } from '../agent/action-codec.js';
import type { ObservationSchema } from '../agent/observation.js';
import type { MarketRegime } from '../market/market-regime.js';

/** What a served model is made of; itself an artifact (JSON), whose id names the model. */
export interface ModelBundle {
  readonly format: 1;
  readonly instrument: string;
  readonly bucket: string;
  readonly observation: ObservationSchema;
  /** SHA-256 of the observation schema's canonical JSON. */
  readonly schemaHash: string;
  readonly bins: ActionBins;
  /** Artifact id of the ONNX graph: input `observation` [n, size]; outputs `price` [n, price bins], `quantity` [n, quantity bins], `volatility` [n, 1]. */
  readonly onnx: string;
  /** Artifact id of all learner tensors (safetensors), from which a later training starts. */
  readonly weights: string;
  /** SHA-256 over the online network's parameters, in name order. */
  readonly weightsHash: string;
  /** Rounded horizon fed as private state when serving, in bars. */
  readonly horizon: number;
  readonly environment: {
    readonly frequency: string;
    readonly cash: number;
    readonly maxPosition: number;
    readonly lossLimit: number;
    /** The regime that it was trained in; missing where that was every one. */
    readonly regime?: MarketRegime;
  };
  readonly dataset: string;
  /** Datasets of other instruments that were trained on too; absent where there are none. */
  readonly shared?: readonly { readonly instrument: string; readonly dataset: string }[];
  readonly parent: string | null;
  readonly seed: number;
  readonly simulated: boolean;
}
