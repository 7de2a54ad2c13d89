import type { Experience } from '../../src/domain/experience/experience.js';

/** An experience of ES as it is sent, of the foreign schema `ours` with vectors of three numbers. */
export const sentExperience = (id: string, changed: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id,
  instrument: 'ES',
  timestamp: '2026-03-02T15:30:01Z',
  decision_time: '2026-03-02T15:30:00Z',
  data_as_of: '2026-03-02T15:30:00Z',
  state: [0.1, -0.2, 3],
  schema_hash: 'ours',
  action: 0.4,
  branches: { price: { bin: 12 }, quantity: { bin: 7 } },
  reward: 0.05,
  next_state: [0.2, -0.1, 4],
  done: false,
  market_conditions: { volatility: 0.15, trend: 'bullish' },
  rl_confidence: 0.82,
  reasoning_confidence: 0.78,
  trade_outcome: { pnl: 125.5, duration: 1800, action: 'BUY' },
  reflection_insight: null,
  model_version: 'v1_20260301_000000',
  epsilon: 0.05,
  propensity: 0.9,
  fill: { price: 5000.25, slippage: 0.25 },
  episode_id: 'ES-2026-03-02',
  ...changed,
});

/** The same as it is stored. */
export const experience = (id: string, changed: Partial<Experience> = {}): Experience => ({
  id,
  instrument: 'ES',
  timestamp: '2026-03-02T15:30:01.000Z',
  decisionTime: '2026-03-02T15:30:00.000Z',
  dataAsOf: '2026-03-02T15:30:00.000Z',
  schemaHash: 'ours',
  state: Float32Array.of(0.1, -0.2, 3),
  nextState: Float32Array.of(0.2, -0.1, 4),
  action: 0.4,
  branches: { price: 12, quantity: 7 },
  reward: 0.05,
  done: false,
  marketConditions: { volatility: 0.15, trend: 'bullish' },
  rlConfidence: 0.82,
  reasoningConfidence: 0.78,
  tradeOutcome: { pnl: 125.5, durationSeconds: 1800, action: 'BUY' },
  insight: null,
  modelVersion: 'v1_20260301_000000',
  epsilon: 0.05,
  propensity: 0.9,
  fill: { price: 5000.25, slippage: 0.25 },
  episodeId: 'ES-2026-03-02',
  source: 'reported',
  ...changed,
});

/** Trades that their reporter has explained, every other one lost, each in words of its own. */
export const explainedTrades = (count: number, from = 0, instrument = 'ES'): Experience[] =>
  Array.from({ length: count }, (_, index) => {
    const at = from + index;
    const time = new Date(Date.parse('2026-03-02T15:00:00Z') + at * 600_000).toISOString();
    const words = Array.from({ length: 16 }, (_word, place) => `w${(at * 7_919 + place * 104_729).toString(36)}`);
    return experience(`${instrument}-${at}`, {
      instrument,
      timestamp: time,
      decisionTime: time,
      dataAsOf: time,
      tradeOutcome: { pnl: at % 2 === 0 ? 50 + at : -20 - at, durationSeconds: 300, action: at % 3 === 0 ? 'SELL' : 'BUY' },
      insight: { reasoning: words.join(' '), lessonsLearned: [`lesson ${at}`] },
    });
  });
