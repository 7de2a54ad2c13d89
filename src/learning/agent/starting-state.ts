import { orderedValues, sizeOf, type Program } from '../compiled/program.js';
import type { RandomStream } from '../../domain/ports.js';
import type { NamedTensor } from '../learner.js';
import { initialParameters, parameterShapes, type Network } from '../network.js';

interface Start {
  readonly random: RandomStream;
  readonly initial?: readonly NamedTensor[];
}

/** Values of a learner's variables at its start: fresh online weights, or those of `initial`; the target and the origin equal to them, everything else 0. Throws `StateMismatch`. */
export const startingState = (network: Network, variables: Program['variables'], { initial, random }: Start): NamedTensor[] => {
  const online = initial === undefined ? initialParameters(network, random) : onlineParameters(parameterShapes(network), initial);
  const values = new Map(online.map((tensor) => [tensor.name, tensor.values]));
  return Object.entries(variables).map(([name, shape]) => {
    const [, parameter] = /^(?:online|target|origin)\/(.+)$/.exec(name) ?? [];
    return { name, shape, values: (parameter === undefined ? undefined : values.get(parameter)) ?? new Float32Array(sizeOf(shape)) };
  });
};

const onlineParameters = (shapes: Readonly<Record<string, readonly number[]>>, state: readonly NamedTensor[]): NamedTensor[] => {
  const online = state.flatMap(({ name, ...tensor }) =>
    name.startsWith('online/') ? [{ name: name.slice('online/'.length), ...tensor }] : [],
  );
  const values = orderedValues(shapes, online);
  return Object.entries(shapes).map(([name, shape], i) => ({ name, shape, values: values[i]! }));
};
