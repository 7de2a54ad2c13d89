import * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../config/training.js';
import type { ActionBins } from '../domain/action-codec.js';
import { PRIVATE_STATE } from '../domain/observation.js';
import type { Logger, RandomStream } from '../domain/ports.js';
import { compile } from './compiled/compile.js';
import { orderedValues, sizeOf, type Executor, type Program } from './compiled/program.js';
import { runEagerly } from './compiled/run-eagerly.js';
import type { Learner, NamedTensor } from './learner.js';
import { learnerProgram } from './learner-program.js';
import { loadNative, NativeUnavailable } from './native.js';
import { createNetwork, initialParameters, parameterShapes, type Network } from './network.js';
import type { FeatureMatrix } from './observation.js';

export interface LearnerOptions {
  readonly agent: AgentConfig;
  readonly features: FeatureMatrix;
  /** Rows of an observation's window. */
  readonly lookback: number;
  readonly bins: ActionBins;
  /** Transitions in a step. */
  readonly batchSize: number;
  /** States in a call of `act`. */
  readonly actBatch: number;
  /** Where fresh weights come from. */
  readonly random: RandomStream;
  /** A state to start from, of which `online/…` is used: the target starts equal, the optimizer fresh. */
  readonly initial?: readonly NamedTensor[];
  /** `auto` (the default) compiles where native TensorFlow is there, else runs eagerly in JavaScript and says so as a warning. */
  readonly backend?: 'auto' | 'compiled' | 'eager';
  readonly logger?: Logger;
}

/**
 * A learner with fresh or given weights. Throws `NativeUnavailable` when it must compile and cannot, and `StateMismatch` when `initial` does
 * not fit the network; its calls throw `RangeError` on bars outside of the features and on arrays of the wrong length.
 */
export const createLearner = async (options: LearnerOptions): Promise<Learner> => {
  const network = createNetwork(options.agent, options.lookback * options.features.names.length + PRIVATE_STATE.length, options.bins);
  const { executor, backend } = await createExecutor(learnerProgram(network, options), options);
  executor.write(startingState(network, options));
  const assertBars = (bars: Int32Array): void => {
    const outside = bars.find((bar) => bar < 0 || bar >= options.features.rows);
    if (outside !== undefined) throw new RangeError(`bar ${outside} has no features: expected 0 to ${options.features.rows - 1}`);
  };
  return {
    backend,
    act: (bars, privateState) => {
      assertBars(bars);
      const { price, quantity } = executor.run('act', { bars, privateState });
      return { price: price!, quantity: quantity! };
    },
    step: (batch) => {
      assertBars(batch.bars);
      assertBars(batch.nextBars);
      const { loss, qLoss, auxiliaryLoss, gradientNorm, tdErrors } = executor.run('step', { ...batch });
      return {
        loss: loss![0]!,
        qLoss: qLoss![0]!,
        auxiliaryLoss: auxiliaryLoss![0]!,
        gradientNorm: gradientNorm![0]!,
        tdErrors: tdErrors!,
      };
    },
    state: () => executor.read(),
    load: (state) => executor.write(state),
    dispose: () => executor.dispose(),
  };
};

const createExecutor = async (
  program: Program,
  { backend = 'auto', logger }: LearnerOptions,
): Promise<{ executor: Executor; backend: Learner['backend'] }> => {
  try {
    await loadNative();
  } catch (error) {
    if (!(error instanceof NativeUnavailable) || backend === 'compiled') throw error;
    logger?.warn('training runs in plain JavaScript, tens of times slower than compiled', { reason: error.message });
    await tf.setBackend('cpu');
    return { executor: runEagerly(program), backend: 'eager' };
  }
  return backend === 'eager' ? { executor: runEagerly(program), backend } : { executor: await compile(program), backend: 'compiled' };
};

const startingState = (network: Network, { initial, random }: LearnerOptions): NamedTensor[] => {
  const shapes = parameterShapes(network);
  const online = initial === undefined ? initialParameters(network, random) : onlineParameters(shapes, initial);
  const group = (prefix: string, tensors: readonly NamedTensor[]): NamedTensor[] =>
    tensors.map(({ name, shape, values }) => ({ name: `${prefix}/${name}`, shape, values }));
  const zeros = Object.entries(shapes).map(([name, shape]) => ({ name, shape, values: new Float32Array(sizeOf(shape)) }));
  return [
    ...group('online', online),
    ...group('target', online),
    ...group('adam/m', zeros),
    ...group('adam/v', zeros),
    { name: 'adam/step', shape: [], values: new Float32Array(1) },
  ];
};

const onlineParameters = (shapes: Readonly<Record<string, readonly number[]>>, state: readonly NamedTensor[]): NamedTensor[] => {
  const online = state.flatMap(({ name, ...tensor }) =>
    name.startsWith('online/') ? [{ name: name.slice('online/'.length), ...tensor }] : [],
  );
  const values = orderedValues(shapes, online);
  return Object.entries(shapes).map(([name, shape], i) => ({ name, shape, values: values[i]! }));
};
