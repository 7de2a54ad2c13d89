import type { BarRange } from '../../../src/domain/market/bars.js';
import { createEnvironment, type EnvironmentOptions } from '../../../src/learning/environment/create-environment.js';

/** The best that can be earned in a session. */
export interface SessionOptimum {
  /** Sum of rewards: net of all costs, as a share of cash. */
  readonly reward: number;
  /** Bins that earn it, of the decision at each bar but the last. */
  readonly price: Int32Array;
  readonly quantity: Int32Array;
}

/**
 * The greatest sum of rewards that decisions can earn in a session whose bars are all known, by dynamic programming (Bellman 1957) over bar and units
 * held; every transition is one of the environment itself. Equity decides nothing but the loss limit, which must be out of reach: then bar and
 * units are the whole state.
 */
export const sessionOptimum = (
  options: Pick<EnvironmentOptions, 'bars' | 'instrument' | 'config' | 'costMultiplier'>,
  session: BarRange,
): SessionOptimum => {
  const { priceBins, quantityBins } = options.config;
  const actions = priceBins * quantityBins;
  const environment = createEnvironment({ ...options, sessions: [session], lanes: actions, horizon: 1 });
  const price = Int32Array.from({ length: actions }, (_, action) => Math.floor(action / quantityBins));
  const quantity = Int32Array.from({ length: actions }, (_, action) => action % quantityBins);

  /** What each action earns at the close of `bar` with so many units, and the units that it leaves. */
  const tryAll = (bar: number, units: number) => {
    for (let lane = 0; lane < actions; lane++) {
      environment.reset(lane, 0);
      environment.now.bar[lane] = bar;
      environment.now.units[lane] = units;
    }
    return { reward: environment.step(price, quantity).reward.slice(), left: environment.now.units.slice() };
  };

  const outcomes: ReadonlyMap<number, ReturnType<typeof tryAll>>[] = [];
  for (let bar = session.from, reachable = new Set([0]); bar + 1 < session.to; bar++) {
    const here = new Map([...reachable].map((units) => [units, tryAll(bar, units)]));
    outcomes.push(here);
    reachable = new Set([...here.values()].flatMap(({ left }) => [...left]));
  }

  let after: ReadonlyMap<number, Choice> = new Map();
  const choices = outcomes
    .toReversed()
    .map((here) => {
      const worth = (units: number): number => after.get(units)?.value ?? 0;
      return (after = new Map([...here].map(([units, { reward, left }]) => [units, best(reward.map((now, i) => now + worth(left[i]!)))])));
    })
    .toReversed();

  let units = 0;
  const taken = choices.map((here, bar) => {
    const { action } = here.get(units)!;
    units = outcomes[bar]!.get(units)!.left[action]!;
    return action;
  });
  return {
    reward: choices[0]!.get(0)!.value,
    price: Int32Array.from(taken, (action) => price[action]!),
    quantity: Int32Array.from(taken, (action) => quantity[action]!),
  };
};

interface Choice {
  readonly value: number;
  readonly action: number;
}

const best = (values: Float64Array): Choice => {
  const value = values.reduce((most, each) => Math.max(most, each), -Infinity);
  return { value, action: values.indexOf(value) };
};
