import type { LayerActivity } from './monitoring/layer-activity.js';
import type { RandomStream } from '../domain/ports.js';

/** The learner as the trainer sees it: a network, its target and its optimizer behind four calls. Built by `createLearner`. */
export interface Learner {
  readonly backend: 'compiled' | 'eager';
  /**
   * Values of the bins in `n` = `actBatch` states given by bar index and private state [n × 4], row-major: Q-values, or what the agent's risk
   * measure makes of their distribution. `exploring` with the noise of noisy exploration, where the agent has it.
   */
  act(bars: Int32Array, privateState: Float32Array, exploring?: boolean): QValues;
  /** One gradient step on a batch, target update included. */
  step(batch: Batch): StepResult;
  /** A look at the network over the states of a batch, for the price of a forward pass. */
  inspect(bars: Int32Array, privateState: Float32Array): Inspection;
  /** Gives hidden units that are dormant over the states of a batch a new start (see `recycleUnits`); returns how many. */
  recycle(bars: Int32Array, privateState: Float32Array, threshold: number, random: RandomStream): number;
  /** Every variable by name: `online/…`, `target/…`, `adam/m/…`, `adam/v/…`, `adam/step`. */
  state(): NamedTensor[];
  /** Loads what `state` gave. Throws when a name, shape or length differs. */
  load(state: readonly NamedTensor[]): void;
  dispose(): void;
}

/** The state of a network in numbers. */
export interface Inspection {
  /** Of each hidden layer, in the order of the network's layers. */
  readonly activity: readonly LayerActivity[];
  /** Euclidean norm of each parameter by name. */
  readonly norms: Readonly<Record<string, number>>;
}

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface QValues {
  readonly price: Float32Array;
  readonly quantity: Float32Array;
}

/** `batchSize` transitions; states are (bar, private state), gathered from the feature matrix inside the graph. */
export interface Batch {
  readonly bars: Int32Array;
  readonly privateState: Float32Array;
  readonly nextBars: Int32Array;
  readonly nextPrivateState: Float32Array;
  readonly price: Int32Array;
  readonly quantity: Int32Array;
  /** n-step return, hindsight included. */
  readonly reward: Float32Array;
  /** gamma^n, or 0 where the episode ended. */
  readonly discount: Float32Array;
  /** Importance weights of prioritised replay; ones otherwise. */
  readonly weight: Float32Array;
  /** Target of the auxiliary head: volatility realised after the decision, in units of the training window's mean. */
  readonly volatility: Float32Array;
}

export interface StepResult {
  readonly loss: number;
  readonly qLoss: number;
  readonly auxiliaryLoss: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
  /** Sum over branches of |TD error|, per transition. */
  readonly tdErrors: Float32Array;
}
