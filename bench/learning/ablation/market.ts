import { prepareTraining, type PreparedTraining } from '../../../src/activities/trainer/prepare-training.js';
import type { RatchetConfig } from '../../../src/config/ratchet.js';
import { readCalendars, readInstruments } from '../../../src/config/read-files.js';
import type { TrainingConfig } from '../../../src/config/sections/training.js';
import { frequencyMs, type BarRange, type BarSeries } from '../../../src/domain/market/bars.js';
import type { Instrument } from '../../../src/domain/market/instrument.js';
import { purgeBars, splitDataset } from '../../../src/domain/market/split.js';
import { trainingReach } from '../../../src/activities/training/training-reach.js';
import { backtest } from '../../../src/evaluation/backtest/backtest.js';
import { periodsPerYear } from '../../../src/evaluation/periods-per-year.js';
import type { PolicyFunction } from '../../../src/evaluation/policies/policy.js';
import { sharpeOrCash } from '../../../src/evaluation/policy-score.js';
import { targetPositions } from '../../../src/evaluation/policies/target-positions.js';
import { tradableSessions } from '../../../src/learning/environment/sessions.js';
import { createRandom } from '../../../src/learning/random.js';
import { aggregateBars } from '../../../src/market/aggregate.js';
import { createCalendar } from '../../../src/market/calendar.js';
import { DEFAULT_MARKET, simulateDefaultMarket } from '../../../src/market/simulation/default-market.js';
import { optimalPositions } from '../../../src/market/simulation/optimal-positions.js';

/** A simulated market to train on, with sessions held out. */
export interface Market {
  readonly heldOutSessions: number;
  /** Annual Sharpe ratio, on the held-out sessions, of the best policy that sees the hidden flow. */
  readonly optimum: number;
  readonly bars: BarSeries;
  readonly instrument: Instrument;
  /** What may be trained on. */
  readonly training: BarRange;
  /** On all that may be trained on, or on a part of it. */
  prepare(training: TrainingConfig, range?: BarRange): PreparedTraining;
  /** Annual Sharpe ratio of a policy that decides for all held-out sessions at once. */
  sharpe(policy: PolicyFunction): Promise<number>;
}

/** The default simulated market of a seed, in the bars that the configuration trades on. */
export const openMarket = async (seed: number, { training, evaluation }: RatchetConfig): Promise<Market> => {
  const instrument = (await readInstruments()).get(DEFAULT_MARKET.instrument);
  const calendarConfig = instrument && (await readCalendars()).get(instrument.calendar);
  if (instrument === undefined || calendarConfig === undefined)
    throw new Error(`configs lack ${DEFAULT_MARKET.instrument} or its calendar`);
  const calendar = createCalendar(calendarConfig);
  const simulation = simulateDefaultMarket({ instrument, calendar, random: createRandom(seed, 'market') });
  const sessions = calendar.sessions(DEFAULT_MARKET.from, DEFAULT_MARKET.to);
  const { environment: task, hindsight } = training;
  const bars = aggregateBars(simulation.bars, sessions, frequencyMs(task.frequency));
  const split = splitDataset(bars, evaluation, purgeBars(trainingReach(training)));
  const prepare = (settings: TrainingConfig, range = split.training): PreparedTraining =>
    prepareTraining(bars, instrument, settings, range);
  const heldOut = tradableSessions(bars, split.evaluation, prepare(training).matrix.firstValid + task.lookback - 1);
  const sharpe = async (policy: PolicyFunction): Promise<number> => {
    const played = await backtest({
      bars,
      instrument,
      config: task,
      sessions: heldOut,
      horizon: hindsight.horizon,
      policy,
      lanes: heldOut.length,
    });
    return sharpeOrCash(played.returns, periodsPerYear(bars, heldOut));
  };
  const bins = { price: task.priceBins, quantity: task.quantityBins };
  const optimum = await sharpe(targetPositions(optimalPositions(simulation, bars), bins));
  return { heldOutSessions: heldOut.length, optimum, bars, instrument, training: split.training, prepare, sharpe };
};
