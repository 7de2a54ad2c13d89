import { agentConfig } from '../../src/config/sections/training.js';
import { createLearner, type LearnerOptions } from '../../src/learning/create-learner.js';
import type { Batch } from '../../src/learning/learner.js';
import { createRandom } from '../../src/learning/random.js';
import { callsPerSecond, median, type Bench, type Figure } from '../figure.js';

const BATCH = 256;
const BARS = 20_000;
const ROUNDS = 7;

/** The nets of the promise: 200-256-128 with heads of one layer, and 1324-256-256-256 with hidden head layers. */
export const NETS = [
  { name: '200-256-128', features: 14, lookback: 14, trunk: [256, 128], head: 0, auxiliaryHead: 0, calls: 60, limit: 5 },
  { name: '1324-256-256-256', features: 11, lookback: 120, trunk: [256, 256, 256], head: 256, auxiliaryHead: 128, calls: 20, limit: 2.5 },
] as const;

/**
 * Whole training steps (gather, weights, clip, Adam, moving average, TD errors out) of the compiled learner against the same learner run
 * eagerly on the same library: in alternating rounds, medians over them.
 */
export const step: Bench = async () => {
  const figures: Figure[] = [];
  for (const net of NETS) figures.push(...(await measure(net)));
  return figures;
};

const measure = async ({ name, calls, limit, ...net }: (typeof NETS)[number]): Promise<Figure[]> => {
  const options = learnerOptions(net);
  const compiled = await createLearner({ ...options, backend: 'compiled' });
  const eager = await createLearner({ ...options, backend: 'eager' });
  const batches = Array.from({ length: 8 }, (_, i) => randomBatch(i));
  const stepBy = (learner: typeof compiled, count: number): number => callsPerSecond((call) => learner.step(batches[call % 8]!), count);
  const actBy = (learner: typeof compiled, count: number): number => {
    const [bars, privateState] = [batches[0]!.bars.slice(0, 16), batches[0]!.privateState.slice(0, 64)];
    return callsPerSecond(() => learner.act(bars, privateState), count);
  };
  for (const learner of [compiled, eager]) [stepBy(learner, 5), actBy(learner, 5)].at(0);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    compiled: stepBy(compiled, 4 * calls),
    eager: stepBy(eager, calls),
    compiledAct: actBy(compiled, 8 * calls),
    eagerAct: actBy(eager, 2 * calls),
  }));
  compiled.dispose();
  eager.dispose();
  const of = (key: keyof (typeof rounds)[0]): number => median(rounds.map((round) => round[key]));
  const speedUp = median(rounds.map((round) => round.compiled / round.eager));
  const actSpeedUp = median(rounds.map((round) => round.compiledAct / round.eagerAct));
  return [
    { figure: `${name}: step`, value: of('compiled'), unit: 'steps/s', peer: { name: 'eager', value: of('eager') }, ratio: speedUp },
    { figure: `${name}: step, compiled over eager`, value: speedUp, unit: 'times', limit, ratio: speedUp / limit },
    {
      figure: `${name}: act on 16 states`,
      value: of('compiledAct'),
      unit: 'calls/s',
      peer: { name: 'eager', value: of('eagerAct') },
      ratio: actSpeedUp,
    },
  ];
};

type Net = Pick<(typeof NETS)[number], 'features' | 'lookback' | 'trunk' | 'head' | 'auxiliaryHead'>;

/** A learner of one of the nets, on bars of noise. */
export const learnerOptions = ({ features, lookback, trunk, head, auxiliaryHead }: Net): LearnerOptions => {
  const random = createRandom(1, 'features');
  return {
    agent: agentConfig.parse({ trunk: [...trunk], head, auxiliaryHead }),
    features: {
      names: Array.from({ length: features }, (_, i) => `feature${i}`),
      rows: BARS,
      values: Float32Array.from({ length: BARS * features }, () => random.normal()),
      firstValid: 0,
    },
    lookback,
    bins: { price: 21, quantity: 11 },
    batchSize: BATCH,
    actBatch: 16,
    random: createRandom(2, 'weights'),
  };
};

/** A batch in which nothing is special, by its seed. */
export const randomBatch = (seed: number): Batch => {
  const random = createRandom(seed, 'batch');
  const floats = (length: number) => Float32Array.from({ length }, () => random.uniform());
  const ints = (bound: number) => Int32Array.from({ length: BATCH }, () => random.integer(bound));
  return {
    bars: ints(BARS),
    privateState: floats(4 * BATCH),
    nextBars: ints(BARS),
    nextPrivateState: floats(4 * BATCH),
    price: ints(21),
    quantity: ints(11),
    reward: floats(BATCH),
    discount: floats(BATCH),
    weight: floats(BATCH),
    volatility: floats(BATCH),
  };
};
