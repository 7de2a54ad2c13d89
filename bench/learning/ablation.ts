import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config/load-config.js';
import { agentConfig, trainingConfig, type TrainingConfig } from '../../src/config/sections/training.js';
import { measureEffect } from '../../src/domain/transfer/effect.js';
import { createRandom } from '../../src/learning/random.js';
import { openMarket } from './ablation/market.js';
import { trainVariant, type VariantResult } from './ablation/train-variant.js';
import { median, type Bench, type Figure } from '../figure.js';

interface Variant {
  readonly name: string;
  readonly joint?: boolean;
  readonly change?: (config: TrainingConfig) => object;
}

/** The preset, and the preset with one part changed. To add one, a line here. */
const VARIANTS: readonly Variant[] = [
  { name: 'preset first-run' },
  { name: 'without branching', joint: true },
  { name: 'without dueling', change: ({ agent }) => ({ agent: { ...agent, dueling: false } }) },
  { name: 'without hindsight', change: ({ hindsight }) => ({ hindsight: { ...hindsight, weight: 0 } }) },
  { name: 'without auxiliary loss', change: ({ agent }) => ({ agent: { ...agent, auxiliaryWeight: 0 } }) },
  { name: 'with prioritised replay', change: ({ priority }) => ({ priority: { ...priority, enabled: true } }) },
  { name: 'pqn', change: ({ agent }) => ({ agent: { ...agent, algorithm: 'pqn', layerNorm: true } }) },
  { name: 'with bfloat16 products', change: ({ agent }) => ({ agent: { ...agent, products: 'bfloat16' } }) },
];

/**
 * What each part of the agent is worth on the simulated market: net Sharpe ratio on held-out sessions, as a share of the known optimum's, of the
 * preset and of the preset with one part changed, each over the same `--seeds` (5, at least 3) markets and trainings from `--from` (1), `--steps` (160000)
 * long. IQM with its 95 % interval by bootstrap over seeds, and that of the difference by seed. `--only NAME` runs one beside the preset;
 * `--default-net` has all of them train the network of the defaults in place of the preset's smaller one.
 */
export const ablation: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: {
      seeds: { type: 'string', default: '5' },
      from: { type: 'string', default: '1' },
      steps: { type: 'string', default: '160000' },
      only: { type: 'string' },
      'default-net': { type: 'boolean', default: false },
    },
  });
  const variants = VARIANTS.filter(({ name }, i) => i === 0 || options.only === undefined || name === options.only);
  const results = new Map<string, VariantResult[]>(variants.map(({ name }) => [name, []]));
  const trainSteps = Number(options.steps);
  const { trunk, head, auxiliaryHead } = agentConfig.parse({});
  const agent = options['default-net'] ? { trunk, head, auxiliaryHead } : {};
  for (let seed = Number(options.from), left = Number(options.seeds); left > 0; seed++, left--) {
    const { config } = await loadConfig({
      preset: 'first-run',
      flags: { training: { seed, trainSteps, agent, epsilon: { decaySteps: Math.ceil(trainSteps / 2) } } },
    });
    const market = await openMarket(seed, config);
    for (const { name, joint = false, change } of variants) {
      const training = trainingConfig.parse({ ...config.training, ...change?.(config.training) });
      const result = await trainVariant(market, training, joint);
      process.stderr.write(
        `seed ${seed}, ${name}: ${result.share.toFixed(3)} of the optimum after ${result.trainingSeconds.toFixed(0)} s\n`,
      );
      results.get(name)!.push(result);
    }
  }
  const preset = [...results.values()][0]!;
  return [...results].map(([name, of]) => figure(name, of, preset));
};

/** The variant's share of the optimum, and in brackets its interval and that of its difference from the preset, seed by seed. */
const figure = (name: string, results: readonly VariantResult[], preset: readonly VariantResult[]): Figure => {
  const shares = (of: readonly VariantResult[]): number[] => of.map(({ share }) => share);
  const effect = measureEffect(shares(results), shares(preset), createRandom(1, 'bootstrap'));
  if (!effect.measured) throw new Error(effect.reason);
  const { treated, control, gain } = effect;
  const range = ({ lower, upper }: typeof gain): string => `${lower.toFixed(2)} to ${upper.toFixed(2)}`;
  const seconds = median(results.map(({ trainingSeconds }) => trainingSeconds));
  return {
    figure: `${name} (${range(treated)}; beside the preset ${range(gain)}; ${seconds.toFixed(0)} s)`,
    value: treated.estimate,
    unit: 'optimum',
    peer: { name: 'preset', value: control.estimate },
    ratio: treated.estimate / control.estimate,
  };
};
