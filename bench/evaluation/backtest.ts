import { agentConfig, environmentConfig } from '../../src/config/sections/training.js';
import type { BarSeries } from '../../src/domain/market/bars.js';
import { PRIVATE_STATE } from '../../src/domain/agent/observation.js';
import { backtest as play } from '../../src/evaluation/backtest/backtest.js';
import { targetPositions } from '../../src/evaluation/policies/target-positions.js';
import { valuePolicy } from '../../src/evaluation/policies/value-policy.js';
import type { PolicyFunction } from '../../src/evaluation/policies/policy.js';
import { tradableSessions } from '../../src/learning/environment/sessions.js';
import { exportOnnx } from '../../src/learning/export/onnx.js';
import { openOnnxNetwork } from '../../src/learning/inference/onnx-network.js';
import { createNetwork, initialParameters } from '../../src/learning/network.js';
import { createRandom } from '../../src/learning/random.js';
import { costlyInstrument, randomBars } from '../../test/support/market/random-bars.js';
import type { Bench } from '../figure.js';
import { extraMemory } from './extra-memory.js';

const BARS_PER_SESSION = 390;
const SESSIONS = 2_560;
const NET_SESSIONS = 256;
const HELD_BARS = 30;
const ROUNDS = 5;
/** More where two times are compared: the quickest of either is to be one that nothing disturbed. */
const PAIRED_ROUNDS = 12;
const BARS_PER_SECOND = 2_000_000;
const SLOWER_THAN_FORWARD = 1.2;
const BYTES_PER_BAR = 128;

interface Net {
  readonly name: string;
  readonly features: number;
  readonly lookback: number;
  readonly bins: { readonly price: number; readonly quantity: number };
  readonly agent: object;
}

/** The net of the default configuration, and that of the preset first-run: so small that a bar costs about as much as its decision. */
const DEFAULT_NET: Net = { name: '1324-256-256-256', features: 11, lookback: 120, bins: { price: 21, quantity: 11 }, agent: {} };
const SMALL_NET: Net = { name: '200-256-128', features: 14, lookback: 14, bins: { price: 3, quantity: 3 }, agent: { trunk: [256, 128], head: 0, auxiliaryHead: 0 } }; // prettier-ignore

/**
 * A million one-minute bars played on one core. With decisions that are known in advance: bars a second of processor time, and memory held for each bar. With
 * networks: how much longer the whole takes than its forward passes alone, in the same batches, the quickest of alternating rounds, for other work on the machine only slows.
 */
export const backtest: Bench = async () => {
  const bars = randomBars({ seed: 1, sessions: SESSIONS, barsPerSession: BARS_PER_SESSION });
  const random = createRandom(2, 'positions');
  let target = 0;
  const targets = Float64Array.from({ length: bars.length }, (_, bar) => (bar % HELD_BARS === 0 ? (target = random.integer(3) - 1) : target)); // prettier-ignore
  const known = targetPositions(targets, SMALL_NET.bins);
  const run = player(bars, SMALL_NET);
  const bytes = (await extraMemory(() => run(known, SESSIONS))) / bars.length;
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) seconds.push(await timed(() => run(known, SESSIONS)));
  const value = bars.length / Math.min(...seconds);
  const slower = await timesItsForwardPasses(bars, DEFAULT_NET);
  const slowerSmall = await timesItsForwardPasses(bars, SMALL_NET);
  const figure = ({ name }: Net): string => `${name}: time over its forward passes`;
  return [
    { figure: 'known decisions', value, unit: 'bars/s', limit: BARS_PER_SECOND, ratio: value / BARS_PER_SECOND },
    { figure: 'known decisions: memory held at most', value: bytes, unit: 'bytes/bar', limit: BYTES_PER_BAR, ratio: BYTES_PER_BAR / bytes },
    { figure: figure(DEFAULT_NET), value: slower, unit: 'times', limit: SLOWER_THAN_FORWARD, ratio: SLOWER_THAN_FORWARD / slower },
    { figure: figure(SMALL_NET), value: slowerSmall, unit: 'times', peer: { name: 'limit of the other', value: SLOWER_THAN_FORWARD }, ratio: SLOWER_THAN_FORWARD / slowerSmall }, // prettier-ignore
  ];
};

/** Plays a policy over the first `count` sessions. */
const player = (bars: BarSeries, { lookback, bins }: Net) => {
  const config = environmentConfig.parse({ lookback, priceBins: bins.price, quantityBins: bins.quantity, lossLimit: 10 });
  const sessions = tradableSessions(bars, { from: 0, to: bars.length }, lookback);
  return (policy: PolicyFunction, count: number) =>
    play({ bars, instrument: costlyInstrument, config, sessions: sessions.slice(0, count), horizon: 30, policy });
};

const timesItsForwardPasses = async (bars: BarSeries, net: Net): Promise<number> => {
  const { features, lookback, bins } = net;
  const size = features * lookback + PRIVATE_STATE.length;
  const agent = agentConfig.parse(net.agent);
  const online = initialParameters(createNetwork(agent, size, bins), createRandom(3, 'weights')).map((tensor) => ({
    ...tensor,
    name: `online/${tensor.name}`,
  }));
  const network = await openOnnxNetwork({ onnx: exportOnnx({ online, agent, observationSize: size, bins }), observationSize: size, bins });
  const random = createRandom(4, 'features');
  const names = Array.from({ length: features }, (_, i) => `feature ${i}`);
  const values = Float32Array.from({ length: bars.length * features }, () => random.normal());
  const batches: number[] = [];
  const policy = valuePolicy({
    matrix: { names, rows: bars.length, values, firstValid: 0 },
    lookback,
    bins,
    values(observations, count) {
      batches.push(count);
      return network.answer(observations, count);
    },
  });
  const run = player(bars, net);
  await run(policy, NET_SESSIONS);
  const asked = batches.slice();
  const observations = Float32Array.from({ length: Math.max(...asked) * size }, () => random.normal());
  const forward = async (): Promise<void> => {
    for (const count of asked) await network.answer(observations.subarray(0, count * size), count);
  };
  let [whole, passes] = [Infinity, Infinity];
  for (let round = 0; round < PAIRED_ROUNDS; round++) {
    whole = Math.min(whole, await timed(() => run(policy, NET_SESSIONS)));
    passes = Math.min(passes, await timed(forward));
  }
  await network.release();
  return whole / passes;
};

/** Seconds of processor time, of all threads together: what one core takes, whatever else the machine does. */
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
};
