import assert from 'node:assert/strict';
import { trainingReach } from '../../../src/activities/training/training-reach.js';
import { loadConfig } from '../../../src/config/load-config.js';
import { trainingConfig } from '../../../src/config/sections/training.js';
import type { BarSeries } from '../../../src/domain/market/bars.js';
import { observationSize } from '../../../src/domain/agent/observation.js';
import { purgeBars, splitDataset } from '../../../src/domain/market/split.js';
import { backtest } from '../../../src/evaluation/backtest/backtest.js';
import type { Backtest } from '../../../src/evaluation/backtest/backtest-record.js';
import { sharpe } from '../../../src/evaluation/metrics/sharpe.js';
import { periodsPerYear } from '../../../src/evaluation/periods-per-year.js';
import { targetPositions } from '../../../src/evaluation/policies/target-positions.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { createRandom } from '../../../src/learning/random.js';
import { aggregateBars } from '../../../src/market/aggregate.js';
import { computeFeatures } from '../../../src/market/features/compute-features.js';
import type { Simulation } from '../../../src/market/simulation/create-simulation.js';
import { DEFAULT_MARKET, simulateDefaultMarket } from '../../../src/market/simulation/default-market.js';
import { optimalPositions } from '../../../src/market/simulation/optimal-positions.js';
import { simulatedCalendar, simulatedInstrument } from '../../support/market/simulation.js';

const NINE_MONTHS = 189;

const simulate = async (edge?: number): Promise<{ simulation: Simulation; bars: BarSeries }> => {
  const calendar = await simulatedCalendar();
  const random = createRandom(1, 'market');
  const simulation = simulateDefaultMarket({
    instrument: await simulatedInstrument(),
    calendar,
    random,
    ...(edge !== undefined && { edge }),
  });
  const sessions = calendar.sessions(DEFAULT_MARKET.from, DEFAULT_MARKET.to);
  return { simulation, bars: aggregateBars(simulation.bars, sessions, DEFAULT_MARKET.decisionMinutes * 60_000) };
};

/** Plays positions over all sessions with the fills and costs of training. */
const play = async (bars: BarSeries, targets: Float64Array): Promise<Backtest> => {
  const config = trainingConfig.parse({ environment: { frequency: '5m', priceBins: 3, quantityBins: 3 } }).environment;
  const policy = targetPositions(targets, { price: 3, quantity: 3 });
  const sessions = tradableSessions(bars, { from: 0, to: bars.length }, 0);
  return backtest({ bars, instrument: await simulatedInstrument(), config, sessions, horizon: 12, policy });
};

const annualSharpe = ({ returns, sessions }: Backtest, bars: BarSeries): number => sharpe(returns, periodsPerYear(bars, sessions));

describe('the default market', () => {
  let market: Awaited<ReturnType<typeof simulate>>;
  before(async () => {
    market = await simulate();
  });

  it('holds, under the preset first-run, at least nine months out and three times as much to learn from', async () => {
    const { config } = await loadConfig({ preset: 'first-run' });
    const { training, evaluation } = splitDataset(market.bars, config.evaluation, purgeBars(trainingReach(config.training)));
    const sessions = (range: typeof training): number => tradableSessions(market.bars, range, 0).length;
    assert.ok(sessions(evaluation) >= NINE_MONTHS, `${sessions(evaluation)}`);
    assert.ok(sessions(training) >= 2.9 * sessions(evaluation), `${sessions(training)}`);
  });

  it('shows the preset first-run 200 numbers, all of them finite once warmed up', async () => {
    const { environment } = (await loadConfig({ preset: 'first-run' })).config.training;
    assert.equal(observationSize(environment), 200);
    const { values, warmUp, names } = computeFeatures(market.bars, environment.features);
    assert.ok(warmUp < 100 && values.subarray(warmUp * names.length).every(Number.isFinite), `${warmUp}`);
  });

  it('pays the known optimum about the edge that it promises, in the environment that trains, costs and fills included', async () => {
    const played = await play(market.bars, optimalPositions(market.simulation, market.bars));
    const years = played.sessions.length / 252;
    const error = Math.sqrt((1 + DEFAULT_MARKET.edge ** 2 / 252 / 2) / years); // Lo 2002
    const found = annualSharpe(played, market.bars);
    assert.ok(Math.abs(found - DEFAULT_MARKET.edge) < 3 * error, `${found} is not ${DEFAULT_MARKET.edge} ± ${3 * error}`);
  });

  it('pays nothing without an edge: the same trades, following the same flow, lose about what they cost', async () => {
    const { bars, simulation } = await simulate(0);
    assert.ok(optimalPositions(simulation, bars).every((position) => position === 0));
    const { sessionReturns, net, gross } = await play(bars, optimalPositions(market.simulation, market.bars));
    assert.ok(net < gross);
    const mean = sessionReturns.reduce((sum, value) => sum + value, 0) / sessionReturns.length;
    const deviation = Math.sqrt(sessionReturns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sessionReturns.length);
    const cost = (gross - net) / sessionReturns.length / 100_000;
    assert.ok(Math.abs(mean + cost) < (3 * deviation) / Math.sqrt(sessionReturns.length), `${mean} ${cost} ${deviation}`);
  });
});
