import { parseArgs } from 'node:util';
import { trainingConfig, type TrainingConfig } from '../../../src/config/sections/training.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { createRandom } from '../../../src/learning/random.js';
import { meanOf, significance, type PlayedSessions } from '../../../test/support/learning/play-sessions.js';
import { latticeBars, latticeInstrument } from '../../../test/support/market/lattice-bars.js';
import { median, type Bench, type Figure } from '../../figure.js';
import { trainAndPlay } from './known-market.js';

const SESSIONS = 240;
const BARS_PER_SESSION = 40;
/** Share of sessions that are trained on; the rest is played. */
const TRAINED = 0.75;
/** Probability that the hidden state turns at a bar, and what it adds to the even chance of each of a bar's twenty steps up: one tick a bar. */
const TURNS = 0.1;
const TILT = 0.025;
/** One-sided, at 5 %. */
const SIGNIFICANT = 1.645;
/** Of 20 seeds, those that must show a lift, and those that may do so by chance where there is nothing. */
const ENOUGH = 0.95;
const BY_CHANCE = 0.1;

/**
 * Does a feature that predicts lift returns, and one that does not leave them? Over `--seeds` (20) markets that walk with a hidden drift, the default agent
 * with a small net is trained twice, `--steps` (8000) long: shown the drift, and shown another drift of the same kind that has nothing to do with the
 * market; each beside two features of noise. Both are played on the same held-out sessions, net of all costs.
 */
export const planted: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: {
      seeds: { type: 'string', default: '20' },
      from: { type: 'string', default: '1' },
      steps: { type: 'string', default: '8000' },
    },
  });
  const results: Result[] = [];
  for (let seed = Number(options.from); results.length < Number(options.seeds); seed++) {
    const result = await measure(seed, settings(seed, Number(options.steps)));
    const [lift, placebo, profit] = [liftOf(result), significance(result.placebo.net), significance(result.shown.net)];
    process.stderr.write(
      `seed ${seed}: ${meanOf(result.shown.net).toFixed(1)} a session (${profit.toFixed(1)} standard errors), without ${meanOf(result.placebo.net).toFixed(1)} (${placebo.toFixed(1)}), lift ${lift.toFixed(1)} standard errors\n`,
    );
    results.push(result);
  }
  const seeds = results.length;
  const lifted = results.filter((result) => liftOf(result) > SIGNIFICANT).length;
  const lucky = results.filter(({ placebo }) => significance(placebo.net) > SIGNIFICANT).length;
  const [enough, chance] = [Math.ceil(ENOUGH * seeds), Math.floor(BY_CHANCE * seeds)];
  const unmoved = seeds - lucky;
  return [
    { figure: `a planted feature lifts returns, of ${seeds} seeds`, value: lifted, unit: 'seeds', limit: enough, ratio: lifted / enough },
    {
      figure: `without it no profit, of ${seeds} seeds`,
      value: unmoved,
      unit: 'seeds',
      limit: seeds - chance,
      ratio: unmoved / (seeds - chance),
    },
    medianOf('net of a session, with it', results, ({ shown }) => shown),
    medianOf('net of a session, without it', results, ({ placebo }) => placebo),
  ];
};

interface Result {
  readonly shown: PlayedSessions;
  readonly placebo: PlayedSessions;
}

/** By how many standard errors the net results with the feature are above those without, session by session. */
const liftOf = ({ shown, placebo }: Result): number => significance(shown.net.map((net, session) => net - placebo.net[session]!));

const medianOf = (figure: string, results: readonly Result[], of: (result: Result) => PlayedSessions): Figure => {
  const [net, costs] = (['net', 'costs'] as const).map((name) => median(results.map((result) => meanOf(of(result)[name]))));
  return { figure, value: net!, unit: 'currency', peer: { name: 'costs', value: costs! }, ratio: net! / costs! };
};

/** The default recipe, but for its size: a net of one small layer on one bar, and a budget of seconds. */
const settings = (seed: number, trainSteps: number): TrainingConfig =>
  trainingConfig.parse({
    seed,
    trainSteps,
    environment: { lookback: 1, priceBins: 3, quantityBins: 3, lossLimit: 10 },
    agent: { trunk: [32], head: 0, auxiliaryHead: 0, gamma: 0.9, learningRate: 1e-3, gradientClip: 10 },
    batchSize: 64,
    bufferSize: 50_000,
    warmUpSteps: 1_000,
    epsilon: { decaySteps: Math.ceil(trainSteps / 2) },
    hindsight: { horizon: 5 },
  });

const measure = async (seed: number, config: TrainingConfig): Promise<Result> => {
  const length = SESSIONS * BARS_PER_SESSION;
  const [drift, other] = [hiddenStates(seed, 'drift', length), hiddenStates(seed, 'other drift', length)];
  // What is seen at the close of a bar moves the next one.
  const bars = latticeBars({
    seed,
    sessions: SESSIONS,
    barsPerSession: BARS_PER_SESSION,
    tilt: (bar) => (bar === 0 ? 0 : TILT * drift[bar - 1]!),
  });
  const sessions = tradableSessions(bars, { from: 0, to: length }, 0);
  const from = Math.floor(TRAINED * sessions.length);
  const noise = createRandom(seed, 'noise');
  const noises = Object.fromEntries(['one', 'two'].map((name) => [name, Float64Array.from({ length }, () => noise.normal())] as const));
  const market = { bars, instrument: latticeInstrument, training: sessions.slice(0, from), played: sessions.slice(from) };
  return {
    shown: await trainAndPlay({ ...market, shown: { signal: drift, ...noises } }, config),
    placebo: await trainAndPlay({ ...market, shown: { signal: other, ...noises } }, config),
  };
};

/** +1 and -1 by bar, turning at one bar in ten. */
const hiddenStates = (seed: number, stream: string, length: number): Float64Array => {
  const random = createRandom(seed, stream);
  let state = 1;
  return Float64Array.from({ length }, () => (state = random.uniform() < TURNS ? -state : state));
};
