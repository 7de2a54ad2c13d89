import { exampleKind, type AnnotatedTrade } from './annotated-trade.js';
import type { KnownThen } from './known-then.js';

/** One message of a conversation, as chat endpoints take it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A conversation to learn from: all but the last message is the prompt, the last one the answer that is taught. */
export interface ChatExample {
  readonly messages: readonly ChatMessage[];
}

const TASK =
  'You review the proposals of a trading policy. Judge by what is known at the moment of the decision alone. Answer with a JSON object: decision (take or stay_out), reasoning, lessons_learned.';

/** The conversation about a trade: its prompt says what was known when it was decided, its answer what the outcome taught. */
export const chatExample = (trade: AnnotatedTrade, known: KnownThen): ChatExample => ({
  messages: [...promptOf(trade, known), { role: 'assistant', content: answerTo(trade) }],
});

/** Nothing in it follows from the outcome of the trade or of any that was not closed by then. */
export const promptOf = (trade: AnnotatedTrade, known: KnownThen): ChatMessage[] => [
  { role: 'system', content: TASK },
  { role: 'user', content: [situationOf(trade), ...historyOf(known), 'Take it or stay out, and why?'].join('\n') },
];

/** The proposal and its market, without its history. */
export const situationOf = ({ instrument, decidedAt, trend, volatility, side, action, confidence, modelVersion }: AnnotatedTrade): string =>
  [
    `${instrument} at ${decidedAt}.`,
    trend === null || volatility === null ? null : `The market is ${trend}, annualised volatility ${rounded(volatility)}.`,
    `${modelVersion ?? 'The trader'} proposes to ${side} for a position of ${rounded(action)} of the largest one${
      confidence === null ? '.' : `, confidence ${rounded(confidence)}.`
    }`,
  ]
    .filter((line) => line !== null)
    .join('\n');

/** What the outcome taught. */
export const answerTo = (trade: AnnotatedTrade): string =>
  JSON.stringify({
    decision: exampleKind(trade) === 'failed' ? 'stay_out' : 'take',
    reasoning: trade.reasoning,
    lessons_learned: trade.lessons,
  });

const historyOf = ({ closed, lessons }: KnownThen): string[] => [
  closed.length === 0 ? 'No trade was closed before.' : 'Trades closed before, newest first:',
  ...closed.map(
    ({ side, decidedAt, pnl, durationSeconds }) =>
      `- ${side} at ${decidedAt} ${pnl < 0 ? 'lost' : 'made'} ${Math.abs(pnl).toFixed(2)} in ${rounded(durationSeconds / 60)} minutes`,
  ),
  ...(lessons.length === 0 ? [] : ['Lessons drawn before:', ...lessons.map((lesson) => `- ${lesson}`)]),
];

/** Three significant digits: more says nothing. */
const rounded = (value: number): string => String(Number(value.toPrecision(3)));
