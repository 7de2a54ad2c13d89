import { z } from 'zod';
import type { Insight } from '../../domain/experience/experience.js';
import { isStorableText } from '../../domain/storable-text.js';
import { AnswerInvalid } from './endpoint.js';

const text = (longest: number) =>
  z.string().trim().min(1).max(longest).refine(isStorableText, 'expected text without NUL characters and halves of surrogate pairs');

const answer = z.strictObject({
  reasoning: text(2_000),
  lessons_learned: z.array(text(200)).min(1).max(5),
  confidence: z.number().min(0).max(1),
});

/** An explanation with how sure it is, in [0, 1]. */
export interface ExplainedTrade {
  readonly insight: Insight;
  readonly confidence: number;
}

/** The explanation in a chat model's answer, which must be exactly what was asked for. Throws `AnswerInvalid`. */
export const readAnswer = (content: string): ExplainedTrade => {
  const { success, data, error } = answer.safeParse(jsonOf(content));
  if (!success)
    throw new AnswerInvalid(
      error.issues.map(({ path, message }) => `${path.length === 0 ? 'the answer' : path.join('.')}: ${message}`).join('; '),
    );
  return {
    insight: { reasoning: data.reasoning, lessonsLearned: [...new Set(data.lessons_learned)] },
    confidence: data.confidence,
  };
};

const jsonOf = (content: string): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    throw new AnswerInvalid('the answer is not JSON');
  }
};
