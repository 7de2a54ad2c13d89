import * as tf from '@tensorflow/tfjs';
import { parseArgs } from 'node:util';
import { createLearner } from '../../src/learning/create-learner.js';
import type { Learner } from '../../src/learning/learner.js';
import { callsPerProcessorSecond, callsPerSecond, type Bench, type Figure } from '../figure.js';
import { alternate } from './alternate.js';
import { learnerOptions, NETS, productOperations, randomBatch, type Net } from './nets.js';
import { comparisonFigures, openPeer } from './peer.js';

/** What is promised of each net's step: times the rate of TensorFlow.js run eagerly and of PyTorch, share of the rate of products alone. */
const LIMITS = {
  '200-256-128': { eager: 5, torch: 1.7, 'torch.compile': 1.1 },
  '1324-256-256-256': { eager: 2.5, torch: 1.3, 'torch.compile': 1.05, products: 0.7, float32: 1.35 },
} as const;

/** Rows and columns of the matrices whose product is timed alone, and how often. */
const [SIDE, PRODUCTS] = [1_024, 8];

/**
 * Whole training steps (gather, weights, clip, Adam, moving average, TD errors out) of the compiled learner, beside the same learner run eagerly on
 * the same library, itself with bfloat16 products, PyTorch eager and torch.compile (where `RATCHET_PEERS` is set), and the rate of matrix products alone: medians of `--rounds`
 * (7) taken in turns; `--only NET` for one net. `--one-thread` gives each side one thread and counts processor time, for a machine that is busy.
 */
export const step: Bench = async (flags) => {
  const { values } = parseArgs({
    args: [...flags],
    options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' }, 'one-thread': { type: 'boolean', default: false } },
  });
  if (values['one-thread']) for (const name of THREADS) process.env[name] = '1';
  const rateOf = values['one-thread'] ? callsPerProcessorSecond : callsPerSecond;
  const figures: Figure[] = [];
  for (const net of NETS)
    if (values.only === undefined || values.only === net.name) figures.push(...(await measure(net, Number(values.rounds), rateOf)));
  return figures;
};

/** What TensorFlow and PyTorch take their number of threads from. */
const THREADS = ['TF_NUM_INTRAOP_THREADS', 'TF_NUM_INTEROP_THREADS', 'OMP_NUM_THREADS'] as const;

const measure = async (net: Net, rounds: number, rateOf: typeof callsPerSecond): Promise<Figure[]> => {
  const { name, calls, trunk, head, auxiliaryHead } = net;
  const options = learnerOptions(net);
  const ours = await createLearner({ ...options, backend: 'compiled' });
  const short = await createLearner({ ...options, backend: 'compiled', agent: { ...options.agent, products: 'bfloat16' } });
  const eagerly = await createLearner({ ...options, backend: 'eager' });
  const torch = await openPeer(
    'step.py',
    [net.features * net.lookback + 4, ...trunk].join(),
    head,
    auxiliaryHead,
    rateOf === callsPerSecond ? 'time' : 'processor',
  );
  const { rate, times } = await alternate(
    {
      ours: () => stepping(ours, calls, rateOf),
      short: () => stepping(short, calls, rateOf),
      eager: () => stepping(eagerly, calls / 4, rateOf),
      ...(torch && { torch: () => torch.ask('eager', calls), 'torch.compile': () => torch.ask('compiled', calls) }),
      products: () => productsAlone(rateOf),
      act: () => acting(ours, 4 * calls, rateOf),
      actEagerly: () => acting(eagerly, calls, rateOf),
    },
    rounds,
  );
  for (const each of [ours, short, eagerly]) each.dispose();
  torch?.close();
  const limits: Readonly<Record<string, number>> = LIMITS[name];
  const peers = ['eager', ...(torch === null ? [] : ['torch', 'torch.compile'])];
  const operations = productOperations(net) / 1e9;
  return [
    ...peers.flatMap((peer) =>
      comparisonFigures({
        figure: `${name}: step`,
        unit: 'steps/s',
        value: rate('ours'),
        peer: { name: peer, value: rate(peer) },
        times: times('ours', peer),
        limit: limits[peer],
      }),
    ),
    ...comparisonFigures({
      figure: `${name}: products in the step`,
      unit: 'GFLOP/s',
      value: operations * rate('ours'),
      peer: { name: 'products alone', value: rate('products') },
      times: operations * times('ours', 'products'),
      limit: limits.products,
    }),
    ...comparisonFigures({
      figure: `${name}: step with bfloat16 products`,
      unit: 'steps/s',
      value: rate('short'),
      peer: { name: 'float32', value: rate('ours') },
      times: times('short', 'ours'),
      limit: limits.float32,
    }),
    ...comparisonFigures({
      figure: `${name}: act on 16 states`,
      unit: 'calls/s',
      value: rate('act'),
      peer: { name: 'eager', value: rate('actEagerly') },
      times: times('act', 'actEagerly'),
    }),
  ];
};

const BATCHES = Array.from({ length: 8 }, (_, seed) => randomBatch(seed));

const stepping = (learner: Learner, calls: number, rateOf: typeof callsPerSecond): number =>
  rateOf((call) => learner.step(BATCHES[call % 8]!), calls);

const acting = (learner: Learner, calls: number, rateOf: typeof callsPerSecond): number => {
  const [bars, privateState] = [BATCHES[0]!.bars.slice(0, 16), BATCHES[0]!.privateState.slice(0, 64)];
  return rateOf(() => learner.act(bars, privateState), calls);
};

/** Floating-point operations a second, in billions, of products of square matrices by the same library. */
const productsAlone = (rateOf: typeof callsPerSecond): number => {
  const matrix = tf.randomUniform([SIDE, SIDE]);
  const rate = rateOf(() => tf.tidy(() => tf.matMul(matrix, matrix).shape), PRODUCTS);
  matrix.dispose();
  return (rate * 2 * SIDE ** 3) / 1e9;
};
