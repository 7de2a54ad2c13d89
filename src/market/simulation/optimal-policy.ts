import type { MarketModel } from './market-model.js';
import { jointChain, stationary } from './markov-chain.js';
import type { MarkovChain } from './markov-chain.js';
import { REGULAR_MINUTES, volatilityShape } from './seasonality.js';

/** Short, flat and long, in shares of the largest position. */
const POSITIONS = [-1, 0, 1] as const;

/** What a policy that sees the flow is up against. */
export interface OptimalTask {
  readonly model: MarketModel;
  /** As in the simulation. */
  readonly drift: number;
  /** Cost of trading, as a share of the notional traded. */
  readonly costRate: number;
  /** Minutes from decision to decision. */
  readonly decisionMinutes: number;
}

/** The best policy for sessions of one length, and what it earns. Profits are in shares of the largest position's notional. */
export interface OptimalPolicy {
  readonly minutes: number;
  /** Position (-1, 0, 1) to take at the close of `minute` in a regime, with a flow, holding a position. */
  position(minute: number, regime: number, flow: number, held: number): number;
  /** Expectation and variance of a session's profit net of costs, starting flat. */
  readonly mean: number;
  readonly variance: number;
}

/**
 * Finite-horizon dynamic programme over (minute, regime, flow, position held), backwards from a close that must be flat: maximises a session's
 * expected net profit less `riskAversion` / 2 times the variance of what is held through its minutes, and carries the profit's first two moments
 * along. A decision is filled at the next open; the fill costs `costRate`.
 */
export const optimalPolicy = (task: OptimalTask, minutes: number, riskAversion: number): OptimalPolicy => {
  const { model, drift, costRate, decisionMinutes } = task;
  const chain = jointChain(model);
  const cells = chain.length * POSITIONS.length;
  const sigma = volatilityShape(minutes).map((shape) => (shape * model.sessionVolatility) / Math.sqrt(REGULAR_MINUTES));
  const choices = new Int8Array(minutes * cells);
  const outlook = closing(chain.length, costRate);
  const holding = emptyOutlook(chain.length);
  for (let minute = minutes - 2; minute >= 0; minute--) {
    holdOneMinute(chain, model, sigma[minute + 1]!, drift, riskAversion, outlook, holding);
    const decides = (minute + 1) % decisionMinutes === 0;
    for (let state = 0; state < chain.length; state++)
      for (const held of POSITIONS) {
        const choice = decides ? best(holding, state, held, costRate) : held;
        choices[minute * cells + cell(state, held)] = choice;
        pay(holding, cell(state, choice), costRate * Math.abs(choice - held), outlook, cell(state, held));
      }
  }
  const shares = stationary(chain);
  const expected = (column: Float64Array): number => shares.reduce((sum, share, state) => sum + share * column[cell(state, 0)]!, 0);
  const mean = expected(outlook.mean);
  return {
    minutes,
    position: (minute, regime, flow, held) => choices[minute * cells + cell(regime * 3 + flow + 1, held)]!,
    mean,
    variance: expected(outlook.square) - mean * mean,
  };
};

/** What is still to come, by state and position: the value that is maximised, and the profit's first two moments. */
interface Outlook {
  readonly value: Float64Array;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

const cell = (state: number, position: number): number => state * POSITIONS.length + position + 1;

const emptyOutlook = (states: number): Outlook => ({
  value: new Float64Array(states * POSITIONS.length),
  mean: new Float64Array(states * POSITIONS.length),
  square: new Float64Array(states * POSITIONS.length),
});

const closing = (states: number, costRate: number): Outlook => {
  const nothing = emptyOutlook(states);
  const outlook = emptyOutlook(states);
  for (let state = 0; state < states; state++)
    for (const position of POSITIONS) pay(nothing, cell(state, position), costRate * Math.abs(position), outlook, cell(state, position));
  return outlook;
};

/** Writes the outlook `from` less a cost into `to`. */
const pay = (outlook: Outlook, from: number, cost: number, into: Outlook, to: number): void => {
  into.value[to] = outlook.value[from]! - cost;
  into.mean[to] = outlook.mean[from]! - cost;
  into.square[to] = outlook.square[from]! - 2 * cost * outlook.mean[from]! + cost * cost;
};

/** Writes the outlook at the start of a minute through which a position is held into `into`, from the one at its end. */
const holdOneMinute = (
  chain: MarkovChain,
  { regimes }: MarketModel,
  sigma: number,
  drift: number,
  riskAversion: number,
  later: Outlook,
  into: Outlook,
): void => {
  const deviations = chain.map((_, next) => sigma * regimes[Math.floor(next / 3)]!.volatility);
  for (let state = 0; state < chain.length; state++)
    for (const position of POSITIONS) {
      let [value, mean, square] = [0, 0, 0];
      for (let next = 0; next < chain.length; next++) {
        const probability = chain[state]![next]!;
        const deviation = deviations[next]!;
        const gain = position * drift * ((next % 3) - 1) * deviation;
        const variance = (position * deviation) ** 2;
        const to = cell(next, position);
        value += probability * (gain - (riskAversion / 2) * variance + later.value[to]!);
        mean += probability * (gain + later.mean[to]!);
        square += probability * (gain * gain + variance + 2 * gain * later.mean[to]! + later.square[to]!);
      }
      const at = cell(state, position);
      into.value[at] = value;
      into.mean[at] = mean;
      into.square[at] = square;
    }
};

/** The position worth most after its cost; what is held already wins a tie. */
const best = ({ value }: Outlook, state: number, held: number, costRate: number): number => {
  const worth = (position: number): number => value[cell(state, position)]! - costRate * Math.abs(position - held);
  return POSITIONS.reduce<number>((choice, position) => (worth(position) > worth(choice) ? position : choice), held);
};
