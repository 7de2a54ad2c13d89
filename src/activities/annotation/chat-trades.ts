import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { annotateByRules } from '../../annotation/annotate-by-rules.js';
import { askChat } from '../../annotation/chat/ask-chat.js';
import { AnswerInvalid, ChatRefused, ChatUnavailable, type ChatEndpoint } from '../../annotation/chat/endpoint.js';
import { BudgetSpent, explainByChat, type AskWithinBudget } from '../../annotation/chat/explain-by-chat.js';
import { questionAbout } from '../../annotation/chat/question.js';
import type { TradeFacts, UsualTrade } from '../../annotation/trade-facts.js';
import type { ChatConfig } from '../../config/sections/experiences.js';
import { BadConfig } from '../bad-config.js';
import type { ActivityDependencies } from '../dependencies.js';

/** A trade to be explained. */
export interface KnownTrade {
  readonly id: string;
  readonly facts: TradeFacts;
}

export interface ChatRound {
  readonly instrument: string;
  readonly trades: readonly KnownTrade[];
  readonly usual: UsualTrade | null;
  readonly doing: (what: string) => void;
  readonly signal: AbortSignal;
}

type ChatDependencies = Pick<ActivityDependencies, 'registry' | 'config' | 'logger'> & { readonly chatKey: string | null };

/** No trade is begun when an activity of ten minutes has less than its two answers left. */
const ROUND_MS = 540_000;
/** An endpoint that wants to be left alone for longer is done without. */
const LONGEST_WAIT_MS = 15 * 60_000;
const KNOWN_LESSONS = 12;

/**
 * Has trades explained by the chat model, each kept as it comes, for as long as one activity may take. Where there is no usable answer, or the endpoint
 * refuses, the day's budget is spent or the last attempt fails too, the rules explain, and say why. Returns how many were explained. Throws what
 * Temporal tries again, when the endpoint wants to be asked again, and `BadConfig`.
 */
export const explainByChatModel = async (
  dependencies: ChatDependencies,
  { instrument, trades, usual, doing, signal }: ChatRound,
): Promise<number> => {
  const { registry, config, logger } = dependencies;
  const { experiences } = registry;
  const { chat } = config.experiences;
  const endpoint = endpointOf(chat, dependencies.chatKey);
  const lessons = (await experiences.lessons(instrument, KNOWN_LESSONS)).map(({ lesson }) => lesson);
  const ask = withinBudget(dependencies, endpoint, signal);
  const byRules = (rest: readonly KnownTrade[], why: string): Promise<number> => {
    logger.warn(`trades are explained by rules, since ${why}`, { instrument, trades: rest.length });
    const insights = rest.map(({ id, facts }) => {
      const { reasoning, lessonsLearned } = annotateByRules(facts, usual);
      return { id, insight: { reasoning: `Explained by rules, since ${why}. ${reasoning}`, lessonsLearned } };
    });
    return experiences.explainNew(insights, 'rules');
  };

  const until = performance.now() + ROUND_MS - 2 * endpoint.timeoutMs;
  let explained = 0;
  for (const [at, trade] of trades.entries()) {
    if (at > 0 && performance.now() > until) break;
    doing(`asking the chat model about trade ${at + 1} of ${trades.length}`);
    try {
      const answer = await explainByChat(questionAbout(trade.facts, usual, lessons), ask);
      explained += await experiences.explainNew([{ id: trade.id, ...answer }], endpoint.model);
    } catch (error) {
      if (error instanceof AnswerInvalid) explained += await byRules([trade], `the chat model gave no usable answer (${error.message})`);
      else return explained + (await byRules(trades.slice(at), reasonToGiveUp(error)));
    }
  }
  return explained;
};

/** Why all others are explained by rules too. Throws what is to be tried again, and what nobody expected. */
const reasonToGiveUp = (error: unknown): string => {
  if (error instanceof BudgetSpent) return error.message;
  if (error instanceof ChatRefused) return `the chat endpoint refuses: ${error.message}`;
  if (!(error instanceof ChatUnavailable)) throw error;
  const { attempt, retryPolicy } = Context.current().info;
  const { message, retryAfterMs } = error;
  const why = `the chat endpoint is not available: ${message}`;
  if (attempt >= (retryPolicy?.maximumAttempts ?? 1) || (retryAfterMs ?? 0) > LONGEST_WAIT_MS) return why;
  throw ApplicationFailure.create({
    type: error.name,
    message: why,
    ...(retryAfterMs === null ? {} : { nextRetryDelay: retryAfterMs }),
  });
};

/** What is not known to have been used is counted as used: text at three characters a token, and the longest answer. */
const withinBudget =
  ({ registry, config }: ChatDependencies, endpoint: ChatEndpoint, signal: AbortSignal): AskWithinBudget =>
  async (messages) => {
    const { requestsPerDay: requests, tokensPerDay: tokens } = config.experiences.chat;
    const day = new Date().toISOString().slice(0, 10);
    const taken = endpoint.answerTokens + Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 3);
    if (!(await registry.chatBudget.take(day, taken, { requests, tokens })))
      throw new BudgetSpent(`the day's budget for the chat model (${requests} requests, ${tokens} tokens) is spent`);
    const reply = await askChat(endpoint, messages, signal);
    if (reply.tokens !== null) await registry.chatBudget.settle(day, taken, reply.tokens);
    return reply;
  };

const endpointOf = ({ url, model, timeoutSeconds, answerTokens }: ChatConfig, key: string | null): ChatEndpoint => {
  if (url === undefined || model === undefined)
    throw new BadConfig('experiences.annotator is chat: set experiences.chat.url and experiences.chat.model');
  const { protocol, hostname } = new URL(url);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (key !== null && protocol !== 'https:' && !isHere)
    throw new BadConfig(`RATCHET_CHAT_KEY would go to ${hostname} unencrypted: set an https address in experiences.chat.url`);
  return { url, model, key, timeoutMs: 1_000 * timeoutSeconds, answerTokens };
};
