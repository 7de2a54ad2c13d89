import type { Experience } from './experience.js';

/** An experience with the keys in which it is sent, stored in day files and shown. */
export const experienceJson = (experience: Experience) => {
  const { marketConditions, tradeOutcome, insight, branches } = experience;
  return {
    id: experience.id,
    instrument: experience.instrument,
    timestamp: experience.timestamp,
    decision_time: experience.decisionTime,
    data_as_of: experience.dataAsOf,
    state: Array.from(experience.state, shortest),
    schema_hash: experience.schemaHash,
    action: experience.action,
    branches: branches === null ? null : { price: { bin: branches.price }, quantity: { bin: branches.quantity } },
    reward: experience.reward,
    next_state: Array.from(experience.nextState, shortest),
    done: experience.done,
    market_conditions: marketConditions,
    rl_confidence: experience.rlConfidence,
    reasoning_confidence: experience.reasoningConfidence,
    trade_outcome:
      tradeOutcome === null ? null : { pnl: tradeOutcome.pnl, duration: tradeOutcome.durationSeconds, action: tradeOutcome.action },
    reflection_insight: insight === null ? null : { reasoning: insight.reasoning, lessons_learned: insight.lessonsLearned },
    model_version: experience.modelVersion,
    epsilon: experience.epsilon,
    propensity: experience.propensity,
    fill: experience.fill,
    episode_id: experience.episodeId,
  };
};

/** The shortest decimal that is the same 32-bit float: 0.1, not 0.10000000149011612. */
const shortest = (value: number): number => {
  for (let digits = 6; digits < 9; digits++) {
    const written = Number(value.toPrecision(digits));
    if (Math.fround(written) === value) return written;
  }
  return Number(value.toPrecision(9));
};
