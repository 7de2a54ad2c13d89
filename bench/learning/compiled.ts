import { parseArgs } from 'node:util';
import { compareCompiledToEager, LIMIT, type Comparison } from '../../test/support/learning/compiled-against-eager.js';
import { randomLearnerOptions } from '../../test/support/learning/random-learner.js';
import type { Bench } from '../figure.js';

const STEPS = 20;

/**
 * The compiled step against TensorFlow.js run eagerly, on `--nets` (200) random networks with random options and batches, from seed `--from` (1):
 * 20 single steps each, every one from the same loaded state, all parameters and optimizer slots compared. Steps with ties are left out; those, tensors that cancelled and parameters that Adam moved by their rounding are counted.
 */
export const compiled: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: { nets: { type: 'string', default: '200' }, from: { type: 'string', default: '1' } },
  });
  const nets = Number(options.nets);
  const results: Comparison[] = [];
  for (let n = Number(options.from); results.length < nets; n++) {
    const result = await compareCompiledToEager(randomLearnerOptions(n), STEPS);
    const { worst, worstFigure, ties, cancelled } = result;
    process.stderr.write(
      `net ${n}: ${worst.difference.toExponential(1)} in ${worst.name}, figures ${worstFigure.toExponential(1)}, ${ties} ties, ${cancelled} cancelled\n`,
    );
    results.push(result);
  }
  const worst = Math.max(...results.map((result) => result.worst.difference));
  const within = results.filter((result) => result.worst.difference <= LIMIT).length;
  const sum = (of: (result: Comparison) => number): number => results.reduce((total, result) => total + of(result), 0);
  return [
    { figure: `nets equal to eager, of ${nets}`, value: within, unit: 'nets', limit: nets, ratio: within / nets },
    { figure: 'largest difference of a single step', value: worst, unit: 'of max', limit: LIMIT, ratio: LIMIT / worst },
    {
      figure: 'steps compared',
      value: sum(({ steps }) => steps),
      unit: 'steps',
      limit: nets * STEPS * 0.75,
      ratio: sum(({ steps }) => steps) / (nets * STEPS * 0.75),
    },
    {
      figure: 'steps with ties, left out',
      value: sum(({ ties }) => ties),
      unit: 'steps',
      peer: { name: 'all', value: nets * STEPS },
      ratio: 1,
    },
    {
      figure: 'parameters that Adam moved by their rounding, at most',
      value: Math.max(...results.map(({ amplified }) => amplified)),
      unit: 'share',
      peer: { name: 'all', value: 1 },
      ratio: 1,
    },
    {
      figure: 'tensors of a step whose sums cancelled',
      value: sum(({ cancelled }) => cancelled),
      unit: 'tensors',
      peer: { name: 'steps', value: sum(({ steps }) => steps) },
      ratio: 1,
    },
  ];
};
