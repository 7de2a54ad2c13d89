import type * as tf from '@tensorflow/tfjs';
import type { RandomStream } from '../../domain/ports.js';
import type { TensorSpec } from '../compiled/program.js';
import type { NamedTensor } from '../learner.js';
import { allLayers, type Network } from '../network.js';
import { restoreRandom } from '../random.js';

/** Factorised noise (Fortunato et al. 2018, arXiv 1706.10295) of a layer by name: one number for each input and one for each output. */
export type LayerNoise = (layer: string) => { readonly inputs: tf.Tensor; readonly outputs: tf.Tensor };

const sides = ['inputs', 'outputs'] as const;

/** What a signature is fed for the noise of one pass through the network: two vectors by noisy layer. Nothing where no layer is noisy. */
export const noiseInputs = (network: Network, pass: string): Record<string, TensorSpec> =>
  Object.fromEntries(
    allLayers(network).flatMap((layer) =>
      layer.noisy ? sides.map((side) => [inputName(pass, layer.name, side), { shape: [layer[side]], dtype: 'float32' }] as const) : [],
    ),
  );

/** The noise of one pass out of a signature's inputs. */
export const noiseOf =
  (inputs: Readonly<Record<string, tf.Tensor>>, pass: string): LayerNoise =>
  (layer) => ({ inputs: inputs[inputName(pass, layer, 'inputs')]!, outputs: inputs[inputName(pass, layer, 'outputs')]! });

/** Values for `noiseInputs`: sign(e) sqrt(|e|) of standard normal e. */
export const drawNoise = (specs: Readonly<Record<string, TensorSpec>>, random: RandomStream): Record<string, Float32Array> => {
  const draw = (): number => {
    const e = random.normal();
    return Math.sign(e) * Math.sqrt(Math.abs(e));
  };
  return Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, Float32Array.from({ length: shape[0]! }, draw)]));
};

/** Values for `noiseInputs` that leave the network as its means are. */
export const noNoise = (specs: Readonly<Record<string, TensorSpec>>): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(specs).map(([name, { shape }]) => [name, new Float32Array(shape[0]!)]));

/** The tensor in which a learner's state holds where its noise stands. */
export const NOISE_STREAM = 'noise/stream';

/** A stream's four 32-bit words as eight halves, each of which float32 holds exactly. */
export const streamTensor = (random: RandomStream): NamedTensor => ({
  name: NOISE_STREAM,
  shape: [8],
  values: Float32Array.from(random.state().flatMap((word) => [word >>> 16, word & 0xffff])),
});

/** The stream out of `streamTensor`. */
export const streamFrom = ({ values }: NamedTensor): RandomStream =>
  restoreRandom(Array.from({ length: 4 }, (_, i) => (values[2 * i]! << 16) | values[2 * i + 1]!));

const inputName = (pass: string, layer: string, side: (typeof sides)[number]): string => `noise/${pass}/${layer}/${side}`;
