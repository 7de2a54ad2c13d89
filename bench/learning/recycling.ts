import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config/load-config.js';
import type { TrainingConfig } from '../../src/config/sections/training.js';
import { measureEffect } from '../../src/domain/transfer/effect.js';
import { createRandom } from '../../src/learning/random.js';
import { openMarket } from './ablation/market.js';
import { trainVariant } from './ablation/train-variant.js';
import { median, type Bench } from '../figure.js';

/**
 * What recycling dormant units is worth: the preset's network and market with a gradient step on 256 decisions each four environment steps, as is the default,
 * `--steps` (40000) long, with a look for dormant units each `--every` (1000) gradient steps and without any; over the same `--seeds` (5) from `--from` (1).
 * Scores are net Sharpe ratios held out as shares of the known optimum's.
 */
export const recycling: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: {
      seeds: { type: 'string', default: '5' },
      from: { type: 'string', default: '1' },
      steps: { type: 'string', default: '40000' },
      every: { type: 'string', default: '1000' },
    },
  });
  const trainSteps = Number(options.steps);
  const on: { share: number; units: number }[] = [];
  const off: typeof on = [];
  for (let seed = Number(options.from); on.length < Number(options.seeds); seed++) {
    const { config } = await loadConfig({
      preset: 'first-run',
      flags: { training: { seed, trainSteps, trainEvery: 4, batchSize: 256, epsilon: { decaySteps: Math.ceil(trainSteps / 2) } } },
    });
    const market = await openMarket(seed, config);
    for (const [every, results] of [
      [Number(options.every), on],
      [0, off],
    ] as const) {
      const training: TrainingConfig = { ...config.training, recycle: { every, threshold: 0.025 } };
      const { share, figures } = await trainVariant(market, training, false);
      process.stderr.write(
        `seed ${seed}, ${every === 0 ? 'without' : 'with'}: ${share.toFixed(3)} of the optimum, ${figures.recycledUnits} units recycled, dormant at the end ${figures.dormantShareOverall?.toFixed(4)}\n`,
      );
      results.push({ share, units: figures.recycledUnits });
    }
  }
  const shares = (results: typeof on): number[] => results.map(({ share }) => share);
  const effect = measureEffect(shares(on), shares(off), createRandom(1, 'bootstrap'));
  if (!effect.measured) throw new Error(effect.reason);
  const { treated, control, gain } = effect;
  const range = ({ lower, upper }: typeof gain): string => `(${lower.toFixed(3)} to ${upper.toFixed(3)})`;
  const ratio = treated.estimate / control.estimate;
  return [
    {
      figure: `with recycling ${range(treated)}`,
      value: treated.estimate,
      unit: 'optimum',
      peer: { name: 'without', value: control.estimate },
      ratio,
    },
    {
      figure: `gain by seed ${range(gain)}`,
      value: gain.estimate,
      unit: 'optimum',
      peer: { name: 'without', value: control.estimate },
      ratio,
    },
    {
      figure: 'units recycled in a training',
      value: median(on.map(({ units }) => units)),
      unit: 'units',
      peer: { name: 'without', value: 0 },
      ratio: 1,
    },
  ];
};
