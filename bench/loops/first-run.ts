import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config/load-config.js';
import { DEFAULT_MARKET } from '../../src/market/simulation/default-market.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { median, type Bench, type Figure } from '../figure.js';
import { simulatedRun, type SimulatedRun } from './simulated-run.js';

/** Share of the known optimum's Sharpe ratio that a run must reach, and how many of a hundred runs must reach it and be promoted. */
const ENOUGH = 0.5;
const OF_HUNDRED = 80;
/** Of a hundred runs on a market without an edge, those that chance may promote. */
const BY_CHANCE = 5;
const SECONDS = 150;

/**
 * The first look, `npm start` with the preset `first-run` on the default simulated market, over markets of seeds 1 to `--seeds` (5), trained by the same seed or by `--training-seed`:
 * is the edge learned, at what share of the known optimum, and in what time? With `--edge none`: how often is luck promoted?
 * `--from` is the first seed, `--preset` another preset.
 */
export const firstRun: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: {
      seeds: { type: 'string', default: '5' },
      from: { type: 'string', default: '1' },
      edge: { type: 'string', default: `${DEFAULT_MARKET.edge}` },
      'training-seed': { type: 'string' },
      preset: { type: 'string', default: 'first-run' },
    },
  });
  const edge = options.edge === 'none' ? 0 : Number(options.edge);
  const runs: { readonly seed: number; readonly run: SimulatedRun }[] = [];
  for (let seed = Number(options.from); runs.length < Number(options.seeds); seed++) {
    const run = await oneRun(seed, Number(options['training-seed'] ?? seed), edge, options.preset);
    process.stderr.write(`${line(seed, run)}\n`);
    runs.push({ seed, run });
  }
  return edge === 0 ? withoutEdge(runs.map(({ run }) => run)) : [...runs.map(shareOfOptimum), ...withEdge(runs.map(({ run }) => run))];
};

const oneRun = async (seed: number, trainingSeed: number, edge: number, preset: string): Promise<SimulatedRun> => {
  const { config } = await loadConfig({ preset, flags: { training: { seed: trainingSeed } } });
  const folder = await mkdtemp(join(tmpdir(), 'ratchet-first-run-'));
  try {
    return await simulatedRun({ seed, edge, config, folder, logger: createLogger('warn'), onProgress: () => undefined });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const line = (seed: number, { decision, candidate, knownOptimum, buyAndHold, seconds, heldOutSessions, bundle }: SimulatedRun): string =>
  [
    `seed ${seed}: ${decision.verdict}`,
    `Sharpe ${candidate.sharpe.toFixed(2)} of ${knownOptimum.sharpe.toFixed(2)} (buy and hold ${buyAndHold.sharpe.toFixed(2)})`,
    `${candidate.tradesPerSession.toFixed(1)} trades a session (${knownOptimum.tradesPerSession.toFixed(1)})`,
    `costs ${(100 * candidate.costShare).toFixed(0)} % of gross profit`,
    `${heldOutSessions} held-out sessions`,
    `data ${seconds.data.toFixed(0)} s, training ${seconds.training.toFixed(0)} s, evaluation ${seconds.evaluation.toFixed(0)} s`,
    `bundle ${bundle.slice(0, 12)}`,
    ...(decision.verdict === 'PROMOTE' ? [] : [decision.summary]),
  ].join(', ');

const shareOfOptimum = ({ seed, run }: { readonly seed: number; readonly run: SimulatedRun }): Figure => ({
  figure: `seed ${seed}: net Sharpe held out`,
  value: run.candidate.sharpe,
  unit: 'a year',
  peer: { name: 'known optimum', value: run.knownOptimum.sharpe },
  ratio: run.candidate.sharpe / run.knownOptimum.sharpe,
});

const withEdge = (runs: readonly SimulatedRun[]): Figure[] => {
  const limit = Math.ceil((runs.length * OF_HUNDRED) / 100);
  const count = (figure: string, meets: (run: SimulatedRun) => boolean): Figure => {
    const value = runs.filter(meets).length;
    return { figure: `${figure}, of ${runs.length}`, value, unit: 'runs', limit, ratio: value / limit };
  };
  const seconds = median(runs.map((run) => run.seconds.data + run.seconds.training + run.seconds.evaluation));
  return [
    count('half the known optimum or more', ({ candidate, knownOptimum }) => candidate.sharpe >= ENOUGH * knownOptimum.sharpe),
    count('promoted', ({ decision }) => decision.verdict === 'PROMOTE'),
    { figure: 'exports to decision', value: seconds, unit: 's', limit: SECONDS, ratio: SECONDS / seconds },
  ];
};

const withoutEdge = (runs: readonly SimulatedRun[]): Figure[] => {
  const limit = runs.length - Math.floor((runs.length * BY_CHANCE) / 100);
  const value = runs.filter(({ decision }) => decision.verdict !== 'PROMOTE').length;
  return [{ figure: `without an edge: not promoted, of ${runs.length}`, value, unit: 'runs', limit, ratio: value / limit }];
};
