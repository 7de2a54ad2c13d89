import type { RandomStream } from '../../domain/ports.js';
import type { NamedTensor } from '../learner.js';
import { dormantUnits, type LayerActivity } from '../monitoring/layer-activity.js';
import { freshDeviation, freshNoise, type Layer, type Network } from '../network.js';

export interface Recycled {
  readonly state: readonly NamedTensor[];
  /** Units that got a new start. */
  readonly units: number;
}

/**
 * A learner's state whose dormant units start anew (ReDo, Sokar et al. 2023, arXiv 2302.12902): fresh incoming weights, outgoing ones 0, what they
 * said on average added to the next layers' biases; of noisy layers fresh incoming noise, and outgoing noise 0. Adam's moments of what changed are 0, and so is its step count: with the old one the new
 * weights would take steps several times too large and die again; the others take smaller steps for a while. The target network is left alone.
 */
export const recycleUnits = (
  network: Network,
  state: readonly NamedTensor[],
  activity: readonly LayerActivity[],
  threshold: number,
  random: RandomStream,
): Recycled => {
  const dormant = new Map(activity.map(({ layer, meanAbsolute }) => [layer, dormantUnits(meanAbsolute, threshold)]));
  const units = [...dormant.values()].reduce((sum, found) => sum + found.length, 0);
  if (units === 0) return { state, units };
  const changed = state.map((tensor) => ({ ...tensor, values: tensor.values.slice() }));
  const byName = new Map(changed.map(({ name, values }) => [name, values]));
  /** Writes a parameter, and 0 into its moments. */
  const set = (name: string, at: number, value: number): void => {
    byName.get(`online/${name}`)![at] = value;
    for (const moment of ['m', 'v']) byName.get(`adam/${moment}/${name}`)![at] = 0;
  };
  const meanOf = new Map(activity.map(({ layer, meanAbsolute }) => [layer, meanAbsolute]));
  for (const { layer, next } of hiddenLayers(network))
    for (const unit of dormant.get(layer.name) ?? []) {
      const deviation = freshDeviation(layer);
      for (let input = 0; input < layer.inputs; input++) {
        const at = input * layer.outputs + unit;
        set(`${layer.name}/weight`, at, random.normal() * deviation);
        if (layer.noisy) set(`${layer.name}/weightNoise`, at, freshNoise(layer));
      }
      set(`${layer.name}/bias`, unit, 0);
      if (layer.noisy) set(`${layer.name}/biasNoise`, unit, freshNoise(layer));
      if (layer.normalised) {
        set(`${layer.name}/gain`, unit, 1);
        set(`${layer.name}/shift`, unit, 0);
      }
      for (const { name, outputs, patches, noisy } of next) {
        const [weight, bias] = [byName.get(`online/${name}/weight`)!, byName.get(`online/${name}/bias`)!];
        // A layer hears a unit of a convolution once for each of its patches.
        for (let input = unit; input < (layer.outputs * layer.patches) / patches; input += layer.outputs)
          for (let output = 0; output < outputs; output++) {
            const at = input * outputs + output;
            bias[output]! += weight[at]! * meanOf.get(layer.name)![unit]!;
            set(`${name}/weight`, at, 0);
            if (noisy) set(`${name}/weightNoise`, at, 0);
          }
      }
    }
  byName.get('adam/step')!.fill(0);
  return { state: changed, units };
};

/** Every layer with a ReLU, with those that listen to it. */
const hiddenLayers = ({
  encoder,
  trunk,
  value,
  branches,
  volatility,
}: Network): { readonly layer: Layer; readonly next: readonly Layer[] }[] => {
  const heads = [value, ...Object.values(branches), volatility];
  const after = (stack: readonly Layer[], last: readonly Layer[]) =>
    stack.flatMap((layer, i) => (layer.relu ? [{ layer, next: i + 1 < stack.length ? [stack[i + 1]!] : last }] : []));
  return [...after(encoder?.layers ?? [], trunk.slice(0, 1)), ...after(trunk, heads.flatMap((head) => head.slice(0, 1))), ...heads.flatMap((head) => after(head, []))]; // prettier-ignore
};
