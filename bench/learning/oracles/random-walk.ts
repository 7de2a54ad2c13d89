import { parseArgs } from 'node:util';
import { trainingConfig } from '../../../src/config/sections/training.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { meanOf, significance } from '../../../test/support/learning/play-sessions.js';
import { latticeBars, latticeInstrument } from '../../../test/support/market/lattice-bars.js';
import type { Bench } from '../../figure.js';
import { trainAndPlay } from './known-market.js';

const TRAINED = 300;
const PLAYED = 4_000;
const BARS_PER_SESSION = 40;
/** Standard errors that chance leaves in 999 of 1,000 runs. */
const LIMIT = 3.29;

/**
 * What trained agents earn where nothing can be earned: each of `--seeds` (5) is trained `--steps` (8000) on a random walk, shown its returns, and played
 * on 4,000 new sessions of it. Its net result plus its costs, the tick that a resting order is worth less at once among them, must be nothing but chance; a profit is a leak.
 */
export const randomWalk: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: { seeds: { type: 'string', default: '5' }, steps: { type: 'string', default: '8000' } },
  });
  const seeds = Number(options.seeds);
  const all = { net: [] as number[], beyondCosts: [] as number[] };
  for (let seed = 1; seed <= seeds; seed++) {
    const bars = latticeBars({ seed, sessions: TRAINED + PLAYED, barsPerSession: BARS_PER_SESSION });
    const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 0);
    const moves = (lag: number): Float64Array =>
      bars.close.map((close, bar) => (bar < lag ? 0 : (close - bars.close[bar - lag]!) / (4.5 * bars.close[0]! * 2.5e-4)));
    const played = await trainAndPlay(
      {
        bars,
        instrument: latticeInstrument,
        shown: { move1: moves(1), move5: moves(5) },
        training: sessions.slice(0, TRAINED),
        played: sessions.slice(TRAINED),
      },
      trainingConfig.parse({
        seed,
        trainSteps: Number(options.steps),
        environment: { lookback: 2, priceBins: 3, quantityBins: 3, lossLimit: 10 },
        agent: { trunk: [32], head: 0, auxiliaryHead: 0, gamma: 0.9, learningRate: 1e-3, gradientClip: 10 },
        batchSize: 64,
        bufferSize: 50_000,
        warmUpSteps: 1_000,
        epsilon: { decaySteps: Math.ceil(Number(options.steps) / 2) },
        hindsight: { horizon: 5 },
      }),
    );
    process.stderr.write(
      `seed ${seed}: net ${meanOf(played.net).toFixed(2)} a session, costs ${(meanOf(played.beyondCosts) - meanOf(played.net)).toFixed(2)}, beyond them ${significance(played.beyondCosts).toFixed(2)} standard errors\n`,
    );
    for (const name of ['net', 'beyondCosts'] as const) all[name].push(...played[name]);
  }
  const [net, beyond] = [Float64Array.from(all.net), Float64Array.from(all.beyondCosts)];
  const costs = meanOf(beyond) - meanOf(net);
  const off = Math.abs(significance(beyond));
  return [
    {
      figure: 'random walk: net of a session',
      value: meanOf(net),
      unit: 'currency',
      peer: { name: 'minus costs', value: -costs },
      ratio: 1,
    },
    { figure: 'random walk: beyond costs, either way', value: off, unit: 'errors', limit: LIMIT, ratio: LIMIT / Math.max(off, 1e-9) },
  ];
};
