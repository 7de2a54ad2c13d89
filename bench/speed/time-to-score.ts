import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, type Bench } from '../figure.js';
import { comparisonFigures, openPeer } from './peer.js';
import { BARS_PER_YEAR, FEE, plantedMarket, SESSION_BARS, type PlantedMarket } from './time-to-score/planted-market.js';
import { pqnSeconds } from './time-to-score/pqn-seconds.js';

/** Bars that an agent sees, and seconds of training after which either side is given up. */
const [LOOKBACK, GIVE_UP] = [14, 900];
const LIMIT = 5;

/**
 * Seconds of training until the greedy policy has an annual Sharpe ratio of `--threshold` (20), net, on held-out sessions of a market with a planted
 * edge: PQN beside Stable-Baselines3's DQN (`RATCHET_PEERS`), both with the network 256-128, the same bars, windows, positions and fees,
 * scored every 2,000 steps with the clock stopped; in turns over `--seeds` (3).
 */
export const timeToScore: Bench = async (flags) => {
  const { values } = parseArgs({
    args: [...flags],
    options: { seeds: { type: 'string', default: '3' }, threshold: { type: 'string', default: '20' } },
  });
  const threshold = Number(values.threshold);
  const market = plantedMarket(1);
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-planted-'));
  try {
    const files = await writeMarket(market, folder);
    const peer = await openPeer('time_to_score.py', ...files, market.heldOut[0]!.from, SESSION_BARS, FEE, BARS_PER_YEAR);
    const results: { readonly ours: number; readonly peer: number }[] = [];
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      const ours = await pqnSeconds(market, { seed, threshold, limit: GIVE_UP });
      results.push({ ours, peer: peer === null ? NaN : await peer.ask(seed, threshold, GIVE_UP) });
    }
    peer?.close();
    const name = "SB3's DQN";
    const of = (which: 'ours' | 'peer'): number => median(results.map((result) => result[which]));
    if (peer === null) return [{ figure: 'PQN to the score', value: of('ours'), unit: 's', limit: GIVE_UP, ratio: GIVE_UP / of('ours') }];
    return comparisonFigures({
      figure: 'PQN to the score',
      unit: 's',
      value: of('ours'),
      peer: { name, value: of('peer') },
      times: median(results.map(({ ours, peer }) => peer / ours)),
      limit: LIMIT,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Windows of observations (float32, a row a bar) and closes (float64) as files; returns their paths. */
const writeMarket = async ({ bars, features }: PlantedMarket, folder: string): Promise<readonly [string, string]> => {
  const width = LOOKBACK * features.names.length;
  const observations = new Float32Array(bars.length * width);
  for (let bar = 0; bar < bars.length; bar++) {
    const first = Math.max(0, bar + 1 - LOOKBACK);
    const window = features.values.subarray(first * features.names.length, (bar + 1) * features.names.length);
    observations.set(window, (bar + 1) * width - window.length);
  }
  const paths = [join(folder, 'observations.f32'), join(folder, 'prices.f64')] as const;
  await writeFile(paths[0], observations);
  await writeFile(paths[1], bars.close);
  return paths;
};
