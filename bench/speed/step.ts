import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createLearner } from '../../src/learning/create-learner.js';
import { callsPerProcessorSecond, callsPerSecond, type Bench, type Figure } from '../figure.js';
import { alternate } from './alternate.js';
import { learnerOptions, NETS, productOperations, type Net } from './nets.js';
import { comparisonFigures, openOwn, openPeer } from './peer.js';
import { acting, stepping } from './step/work.js';

/** What is promised of each net's step: times the rate of TensorFlow.js run eagerly and of PyTorch, share of the rate of products alone. */
const LIMITS = {
  '200-256-128': { eager: 5, torch: 1.7, 'torch.compile': 1.1 },
  '1324-256-256-256': { eager: 2.5, torch: 1.3, 'torch.compile': 1.05, products: 0.7, float32: 1.35 },
} as const;

/**
 * Whole training steps (gather, weights, clip, Adam, moving average, TD errors out) of the compiled learner, beside the same learner run eagerly on
 * the same library, itself with bfloat16 products, PyTorch eager and torch.compile (where `RATCHET_PEERS` is set), and the rate of matrix products alone: medians of `--rounds`
 * (7) taken in turns. What is run eagerly and the products alone have a process in which TensorFlow has the threads that it would give itself.
 * `--only NET` for one net. `--one-thread` gives each side one thread and counts processor time, for a machine that is busy.
 */
export const step: Bench = async (flags) => {
  const { values } = parseArgs({
    args: [...flags],
    options: { rounds: { type: 'string', default: '7' }, only: { type: 'string' }, 'one-thread': { type: 'boolean', default: false } },
  });
  if (values['one-thread']) Object.assign(process.env, threads(1), { OMP_NUM_THREADS: '1' });
  const rateOf = values['one-thread'] ? callsPerProcessorSecond : callsPerSecond;
  const figures: Figure[] = [];
  for (const net of NETS)
    if (values.only === undefined || values.only === net.name) figures.push(...(await measure(net, Number(values.rounds), rateOf)));
  return figures;
};

/** What TensorFlow takes its numbers of threads from; it gives itself as many of both as there are processors. */
const threads = (count: number) => ({ TF_NUM_INTRAOP_THREADS: String(count), TF_NUM_INTEROP_THREADS: String(count) });

/** Products of matrices that are timed alone at a time. */
const PRODUCTS = 8;

const measure = async (net: Net, rounds: number, rateOf: typeof callsPerSecond): Promise<Figure[]> => {
  const { name, calls, trunk, head, auxiliaryHead } = net;
  const options = learnerOptions(net);
  const ours = await createLearner({ ...options, backend: 'compiled' });
  const short = await createLearner({ ...options, backend: 'compiled', agent: { ...options.agent, products: 'bfloat16' } });
  const clock = rateOf === callsPerSecond ? 'time' : 'processor';
  const eagerly = await openOwn('./step/eagerly.js', rateOf === callsPerSecond ? threads(availableParallelism()) : {}, name, clock);
  const torch = await openPeer('step.py', [net.features * net.lookback + 4, ...trunk].join(), head, auxiliaryHead, clock);
  const { rate, times } = await alternate(
    {
      ours: () => stepping(ours, calls, rateOf),
      short: () => stepping(short, calls, rateOf),
      eager: () => eagerly.ask('step', calls / 4),
      ...(torch && { torch: () => torch.ask('eager', calls), 'torch.compile': () => torch.ask('compiled', calls) }),
      products: () => eagerly.ask('products', PRODUCTS),
      act: () => acting(ours, 4 * calls, rateOf),
      actEagerly: () => eagerly.ask('act', calls),
    },
    rounds,
  );
  for (const each of [ours, short]) each.dispose();
  eagerly.close();
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
