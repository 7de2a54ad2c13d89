import type * as tf from '@tensorflow/tfjs';
import type { AgentConfig } from '../config/sections/training.js';
import { inspectSignature } from './agent/inspect.js';
import { noiseInputs, noiseOf } from './agent/noise.js';
import { predict } from './agent/predict.js';
import { nextName, type States } from './agent/states.js';
import type { Program, Signature, TensorSpec } from './compiled/program.js';
import { learnerStep, SINCE_COPY, type StepPass } from './learner-step.js';
import { parameterShapes, type Network } from './network.js';
import { returnStep } from './pqn/return-step.js';
import type { Teacher } from './transfer/distillation.js';
import { kickstart, type Kickstart } from './transfer/kickstart.js';

export interface LearnerProgramOptions {
  readonly agent: AgentConfig;
  readonly states: States;
  readonly batchSize: number;
  readonly actBatch: number;
  /** To be listened to at first. */
  readonly teacher?: Teacher;
}

/** The learner's computations, `act`, `step` and `inspect`, over its variables. */
export const learnerProgram = (network: Network, options: LearnerProgramOptions): Program => {
  const { agent, states } = options;
  const shapes = Object.entries(parameterShapes(network));
  const replays = agent.algorithm === 'dqn';
  const taught = options.teacher === undefined ? null : kickstart(options.teacher, agent);
  return {
    constants: { ...states.constants, ...taught?.constants },
    variables: Object.fromEntries([
      ...['online', ...(replays ? ['target'] : []), ...(agent.l2Init > 0 ? ['origin'] : []), 'adam/m', 'adam/v'].flatMap((group) =>
        shapes.map(([name, shape]) => [`${group}/${name}`, shape] as const),
      ),
      ['adam/step', []],
      ...(replays && agent.targetEvery > 0 ? [[SINCE_COPY, []] as const] : []),
      ...Object.entries(taught?.variables ?? {}),
    ]),
    signatures: {
      act: act(network, options),
      step: replays ? replayStep(network, options, taught) : freshStep(network, options, taught),
      inspect: inspectSignature(network, states, options.batchSize),
    },
  };
};

/** Values of the branches' bins in `actBatch` states. */
const act = (network: Network, { states, actBatch }: LearnerProgramOptions): Signature => ({
  inputs: { ...states.inputs(actBatch), ...noiseInputs(network, 'act') },
  body: ({ variables, constants, inputs }) => ({
    ...predict(network, (name) => variables[`online/${name}`]!, states.observe(constants, inputs), { noise: noiseOf(inputs, 'act') })
      .values,
  }),
});

/** The DQN's step, on transitions. */
const replayStep = (network: Network, { agent, states, batchSize }: LearnerProgramOptions, taught: Kickstart | null): Signature => {
  const state = states.inputs(batchSize);
  const passes: readonly StepPass[] = ['online', 'choice', 'target'];
  return {
    products: agent.products,
    inputs: {
      ...state,
      ...Object.fromEntries(Object.entries(state).map(([name, spec]) => [nextName(name), spec])),
      ...actionInputs(network, batchSize),
      reward: floats(batchSize),
      discount: floats(batchSize),
      weight: floats(batchSize),
      ...(network.volatility.length > 0 ? { volatility: floats(batchSize) } : {}),
      ...Object.fromEntries(passes.flatMap((pass) => Object.entries(noiseInputs(network, pass)))),
    },
    body: ({ variables, constants, inputs }) => {
      const observation = states.observe(constants, inputs);
      const outputs = learnerStep(network, agent, variables, {
        observation,
        nextObservation: states.observe(constants, Object.fromEntries(Object.keys(state).map((name) => [name, inputs[nextName(name)]!]))),
        actions: actionsOf(network, inputs),
        reward: inputs.reward!,
        discount: inputs.discount!,
        weight: inputs.weight!,
        volatility: inputs.volatility ?? null,
        noise: agent.exploration === 'noisy' ? Object.fromEntries(passes.map((pass) => [pass, noiseOf(inputs, pass)])) : {},
        ...(taught && { lesson: taught.lesson({ variables, constants, inputs }, observation) }),
      });
      return { ...outputs };
    },
  };
};

/** PQN's step, on decisions and the returns that followed. */
const freshStep = (network: Network, { agent, states, batchSize }: LearnerProgramOptions, taught: Kickstart | null): Signature => ({
  products: agent.products,
  inputs: {
    ...states.inputs(batchSize),
    ...actionInputs(network, batchSize),
    target: floats(batchSize),
    rate: floats(),
    ...(network.volatility.length > 0 ? { volatility: floats(batchSize) } : {}),
  },
  body: ({ variables, constants, inputs }) => {
    const observation = states.observe(constants, inputs);
    const outputs = returnStep(network, agent, variables, {
      observation,
      actions: actionsOf(network, inputs),
      target: inputs.target!,
      rate: inputs.rate!,
      volatility: inputs.volatility ?? null,
      ...(taught && { lesson: taught.lesson({ variables, constants, inputs }, observation) }),
    });
    return { ...outputs };
  },
});

const actionInputs = ({ branches }: Network, batchSize: number): Record<string, TensorSpec> =>
  Object.fromEntries(Object.keys(branches).map((branch) => [branch, { shape: [batchSize], dtype: 'int32' }]));

const actionsOf = ({ branches }: Network, inputs: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.keys(branches).map((branch) => [branch, inputs[branch]!]));

const floats = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });
