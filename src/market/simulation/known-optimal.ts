import type { MarketModel } from './market-model.js';
import { jointChain, stationary } from './markov-chain.js';
import type { MarkovChain } from './markov-chain.js';
import { REGULAR_MINUTES, volatilityShape } from './seasonality.js';

/** Short, flat and long, in shares of the largest position. With costs in proportion to size nothing between them is ever better. */
const POSITIONS = [-1, 0, 1] as const;
export const SESSIONS_PER_YEAR = 252;

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
 * Finite-horizon dynamic programme over (minute, regime, flow, position held), backwards from a close that must be flat: maximises the expected
 * net profit of a session of `minutes`, and carries its second moment along. A decision is filled at the next open; the fill costs `costRate`.
 */
export const optimalPolicy = (task: OptimalTask, minutes: number): OptimalPolicy => {
  const { model, drift, costRate, decisionMinutes } = task;
  const chain = jointChain(model);
  const states = chain.length;
  const sigma = volatilityShape(minutes).map((shape) => (shape * model.sessionVolatility) / Math.sqrt(REGULAR_MINUTES));
  const choices = new Int8Array(minutes * states * POSITIONS.length);
  let later = closing(states, costRate);
  for (let minute = minutes - 2; minute >= 0; minute--) {
    const holding = holdOneMinute(chain, model, sigma[minute + 1]!, drift, later);
    const decides = (minute + 1) % decisionMinutes === 0;
    const now = emptyMoments(states);
    for (let state = 0; state < states; state++)
      for (const held of POSITIONS) {
        const choice = decides ? best(holding, state, held, costRate) : held;
        const cost = costRate * Math.abs(choice - held);
        const at = cell(state, held);
        const from = cell(state, choice);
        choices[minute * states * POSITIONS.length + at] = choice;
        now.mean[at] = holding.mean[from]! - cost;
        now.square[at] = holding.square[from]! - 2 * cost * holding.mean[from]! + cost * cost;
      }
    later = now;
  }
  const shares = stationary(chain);
  const mean = shares.reduce((sum, share, state) => sum + share * later.mean[cell(state, 0)]!, 0);
  const square = shares.reduce((sum, share, state) => sum + share * later.square[cell(state, 0)]!, 0);
  return {
    minutes,
    position: (minute, regime, flow, held) => choices[minute * states * POSITIONS.length + cell(regime * 3 + flow + 1, held)]!,
    mean,
    variance: square - mean * mean,
  };
};

/** First two moments of the profit still to come, by state and position. */
interface Moments {
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

const cell = (state: number, position: number): number => state * POSITIONS.length + position + 1;

const emptyMoments = (states: number): Moments => ({
  mean: new Float64Array(states * POSITIONS.length),
  square: new Float64Array(states * POSITIONS.length),
});

const closing = (states: number, costRate: number): Moments => {
  const moments = emptyMoments(states);
  for (let state = 0; state < states; state++)
    for (const position of POSITIONS) {
      moments.mean[cell(state, position)] = -costRate * Math.abs(position);
      moments.square[cell(state, position)] = (costRate * position) ** 2;
    }
  return moments;
};

/** Moments at the start of a minute through which a position is held. */
const holdOneMinute = (chain: MarkovChain, { regimes }: MarketModel, sigma: number, drift: number, later: Moments): Moments => {
  const moments = emptyMoments(chain.length);
  for (const [state, row] of chain.entries())
    for (const position of POSITIONS) {
      const at = cell(state, position);
      for (const [next, probability] of row.entries()) {
        const deviation = sigma * regimes[Math.floor(next / 3)]!.volatility;
        const gain = position * drift * ((next % 3) - 1) * deviation;
        const to = cell(next, position);
        moments.mean[at]! += probability * (gain + later.mean[to]!);
        moments.square[at]! += probability * (gain * gain + (position * deviation) ** 2 + 2 * gain * later.mean[to]! + later.square[to]!);
      }
    }
  return moments;
};

/** The position worth most after its cost; what is held already wins a tie. */
const best = ({ mean }: Moments, state: number, held: number, costRate: number): number => {
  let choice = held;
  for (const position of POSITIONS)
    if (
      mean[cell(state, position)]! - costRate * Math.abs(position - held) >
      mean[cell(state, choice)]! - costRate * Math.abs(choice - held)
    )
      choice = position;
  return choice;
};

/** Annual Sharpe ratio that the best policy is expected to have over sessions of regular length; 0 when it never trades. */
export const optimalSharpe = (task: OptimalTask): number => {
  const { mean, variance } = optimalPolicy(task, REGULAR_MINUTES);
  return variance > 0 ? (mean / Math.sqrt(variance)) * Math.sqrt(SESSIONS_PER_YEAR) : 0;
};
