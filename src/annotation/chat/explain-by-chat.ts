import type { ChatReply } from './ask-chat.js';
import { AnswerInvalid, type ChatMessage } from './endpoint.js';
import { readAnswer, type ExplainedTrade } from './read-answer.js';

/** The day's budget is spent. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/** Asks, within the budget. Throws `BudgetSpent` and what `askChat` throws. */
export type AskWithinBudget = (messages: readonly ChatMessage[]) => Promise<ChatReply>;

/** A chat model's explanation. An invalid answer is asked for once more, saying what was wrong. Throws `AnswerInvalid` at the second one, and what `ask` throws. */
export const explainByChat = async (question: readonly ChatMessage[], ask: AskWithinBudget): Promise<ExplainedTrade> => {
  try {
    return await answered(question, ask);
  } catch (error) {
    if (!(error instanceof AnswerInvalid)) throw error;
    const again = `Your last answer could not be used (${error.message}). Answer with the JSON object that was asked for and nothing else.`;
    return answered([...question, { role: 'user', content: again }], ask);
  }
};

const answered = async (question: readonly ChatMessage[], ask: AskWithinBudget): Promise<ExplainedTrade> =>
  readAnswer((await ask(question)).content);
