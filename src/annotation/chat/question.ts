import { findingsOf } from '../annotate-by-rules.js';
import type { TradeFacts, UsualTrade } from '../trade-facts.js';
import type { ChatMessage } from './endpoint.js';
import { redact } from './redact.js';

/** Longest text, in characters, of a lesson that is told. */
const LONGEST_LESSON = 160;
const MOST_LESSONS = 12;

const TASK = [
  'You explain one finished trade of an automated trading policy, so that the policy and people learn from it.',
  'You are given its facts (prices as shares of the entry price), what rules found in it, and lessons that other trades taught.',
  'Answer with one JSON object and nothing else: {"reasoning": TEXT, "lessons_learned": [TEXT, ...], "confidence": NUMBER}.',
  'reasoning: why the trade went as it did, at most 1500 characters, citing the numbers that you were given and no others.',
  'lessons_learned: 1 to 5 general lessons of at most 160 characters, without numbers of this trade; where a lesson that you were given fits, use its very words.',
  'confidence: how sure you are, from 0 to 1.',
].join('\n');

/**
 * What is asked about a trade: numbers, and words that Ratchet itself wrote. Nothing of who traded or where goes along; of the lessons, which people may
 * have written, twelve, each redacted and cut at 160 characters.
 */
export const questionAbout = (facts: TradeFacts, usual: UsualTrade | null, lessons: readonly string[]): ChatMessage[] => {
  const { side, pnl, durationSeconds, size, confidence, volatility, trend, path } = facts;
  const told = {
    trade: { side: side === 1 ? 'long' : 'short', pnl, duration_seconds: durationSeconds, size, confidence, volatility, trend },
    price_meanwhile: path,
    usual_trade: usual,
    rules: findingsOf(facts, usual),
    lessons_of_other_trades: lessons.slice(0, MOST_LESSONS).map((lesson) => redact(lesson, LONGEST_LESSON)),
  };
  return [
    { role: 'system', content: TASK },
    { role: 'user', content: JSON.stringify(told, shortNumbers) },
  ];
};

const shortNumbers = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
