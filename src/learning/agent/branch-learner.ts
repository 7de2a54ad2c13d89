import * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../../config/sections/training.js';
import type { Logger, RandomStream } from '../../domain/ports.js';
import { compile } from '../compiled/compile.js';
import { StateMismatch, type Executor, type Program, type TensorSpec, type Values } from '../compiled/program.js';
import { runEagerly } from '../compiled/run-eagerly.js';
import type { Inspection, NamedTensor, StepResult } from '../learner.js';
import { learnerProgram } from '../learner-program.js';
import { loadNative, NativeUnavailable } from '../native.js';
import type { Teacher } from '../transfer/distillation.js';
import { createNetwork, type Branches } from '../network.js';
import { recycleUnits } from '../plasticity/recycle-units.js';
import { readInspection } from './inspect.js';
import { drawNoise, noNoise, NOISE_STREAM, streamFrom, streamTensor } from './noise.js';
import { startingState } from './starting-state.js';
import type { States } from './states.js';

export interface BranchLearnerOptions {
  readonly agent: AgentConfig;
  readonly states: States;
  /** Bins of each action branch, by name: one branch or many. */
  readonly bins: Branches;
  /** Whether the task gives the auxiliary head its target, `volatility`; without, the network has no such head. */
  readonly auxiliary: boolean;
  /** Decisions in a step. */
  readonly batchSize: number;
  /** States in a call of `act`. */
  readonly actBatch: number;
  /** Where fresh weights come from, and after them the noise of noisy exploration. */
  readonly random: RandomStream;
  /** To be listened to at first (kickstarting). */
  readonly teacher?: Teacher;
  /** A state to start from, of which `online/…` is used: the target starts equal, the optimizer fresh. */
  readonly initial?: readonly NamedTensor[];
  /** `auto` (the default) compiles where native TensorFlow is there, else runs eagerly in JavaScript and says so as a warning. */
  readonly backend?: 'auto' | 'compiled' | 'eager';
  readonly logger?: Logger;
}

/** Arrays by input name, row-major. */
export type Arrays = Readonly<Record<string, Values>>;

/** A network, its target and its optimizer for a task of any states and branches. */
export interface BranchLearner {
  readonly backend: 'compiled' | 'eager';
  /** By branch, the values [n × bins] that bins are chosen by, of `n` = `actBatch` states as `states.inputs` names them; `exploring` with noise, where layers are noisy. */
  act(states: Arrays, exploring?: boolean): Record<string, Float32Array>;
  /**
   * One gradient step on `batchSize` decisions: the states, the bin of each branch by its name, and `volatility` where it is predicted; for
   * `dqn` also the next states, `reward`, `discount` and `weight`, for `pqn` also the returns `target` and the learning rate `rate` (one number).
   */
  step(batch: Arrays): StepResult;
  /** A look at the network over `batchSize` states. */
  inspect(states: Arrays): Inspection;
  /** Gives dormant units a new start; returns how many. */
  recycle(states: Arrays, threshold: number, random: RandomStream): number;
  /** Every variable by name: `online/…`, `target/…`, `adam/m/…`, `adam/v/…`, `adam/step`, and what options add. */
  state(): NamedTensor[];
  /** Loads what `state` gave. Throws `StateMismatch` when a name, shape or length differs. */
  load(state: readonly NamedTensor[]): void;
  dispose(): void;
}

/**
 * A learner with fresh or given weights. Throws `NativeUnavailable` when it must compile and cannot, and `StateMismatch` when `initial` does
 * not fit the network; its calls throw `RangeError` on states that have no observation and on arrays of the wrong length.
 */
export const createBranchLearner = async (options: BranchLearnerOptions): Promise<BranchLearner> => {
  const { agent, states, random } = options;
  const network = createNetwork(agent, states.size, options.bins, { auxiliary: options.auxiliary, lookback: states.lookback });
  const program = learnerProgram(network, options);
  const { executor, backend } = await createExecutor(program, options);
  executor.write(startingState(network, program.variables, options));
  const noise = createNoise(program, random, agent.exploration === 'noisy');
  const inspect = (given: Arrays): Inspection => {
    states.check(given);
    return readInspection(network, executor.run('inspect', given));
  };
  return {
    backend,
    act: (given, exploring = false) => {
      states.check(given);
      return executor.run('act', { ...given, ...noise.of('act', exploring) });
    },
    step: (batch) => {
      states.check(batch);
      const { loss, qLoss, auxiliaryLoss, gradientNorm, tdErrors } = executor.run('step', { ...batch, ...noise.of('step', true) });
      return {
        loss: loss![0]!,
        qLoss: qLoss![0]!,
        auxiliaryLoss: auxiliaryLoss![0]!,
        gradientNorm: gradientNorm![0]!,
        tdErrors: tdErrors!,
      };
    },
    inspect,
    recycle: (given, threshold, random) => {
      const { state, units } = recycleUnits(network, executor.read(), inspect(given).activity, threshold, random);
      if (units > 0) executor.write(state);
      return units;
    },
    state: () => [...executor.read(), ...noise.state()],
    load: (state) => executor.write(noise.load(state)),
    dispose: () => executor.dispose(),
  };
};

const createExecutor = async (
  program: Program,
  { agent, backend = 'auto', logger }: BranchLearnerOptions,
): Promise<{ executor: Executor; backend: BranchLearner['backend'] }> => {
  try {
    await loadNative();
  } catch (error) {
    if (!(error instanceof NativeUnavailable) || backend === 'compiled') throw error;
    logger?.warn('training runs in plain JavaScript, tens of times slower than compiled', { reason: error.message });
    if (agent.products !== 'float32')
      logger?.warn(`agent.products ${agent.products} is without effect in plain JavaScript: products are float32`);
    await tf.setBackend('cpu');
    return { executor: runEagerly(program), backend: 'eager' };
  }
  return backend === 'eager' ? { executor: runEagerly(program), backend } : { executor: await compile(program), backend: 'compiled' };
};

/** The noise that each call of a signature is fed; its stream is part of the learner's state. Nothing at all where no layer is noisy. */
const createNoise = (program: Program, random: RandomStream, noisy: boolean) => {
  let stream = random;
  const fed = (name: 'act' | 'step'): Record<string, TensorSpec> =>
    Object.fromEntries(Object.entries(program.signatures[name]!.inputs).filter(([input]) => input.startsWith('noise/')));
  const specs = { act: fed('act'), step: fed('step') };
  return {
    of: (name: 'act' | 'step', exploring: boolean): Arrays => (exploring ? drawNoise(specs[name], stream) : noNoise(specs[name])),
    state: (): NamedTensor[] => (noisy ? [streamTensor(stream)] : []),
    /** Takes its own out of a state, and returns the rest. */
    load(state: readonly NamedTensor[]): readonly NamedTensor[] {
      if (!noisy) return state;
      const saved = state.find(({ name }) => name === NOISE_STREAM);
      if (saved === undefined) throw new StateMismatch(`the state lacks ${NOISE_STREAM}: expected that of an agent with noisy exploration`);
      stream = streamFrom(saved);
      return state.filter((tensor) => tensor !== saved);
    },
  };
};
