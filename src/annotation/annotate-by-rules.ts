import type { Insight } from '../domain/experience/experience.js';
import { adverseExcursion } from './rules/adverse-excursion.js';
import { againstTrend } from './rules/against-trend.js';
import { confidence } from './rules/confidence.js';
import { costs } from './rules/costs.js';
import { entryTiming } from './rules/entry-timing.js';
import { exit } from './rules/exit.js';
import { favourableExcursion } from './rules/favourable-excursion.js';
import { holdingTime } from './rules/holding-time.js';
import { regime } from './rules/regime.js';
import { sizing } from './rules/sizing.js';
import type { AnnotationRule, Finding, TradeFacts, UsualTrade } from './trade-facts.js';

/** Every rule, in the order in which its finding is told; to add one, a file and a line here. */
export const annotationRules = {
  entryTiming,
  exit,
  adverseExcursion,
  favourableExcursion,
  sizing,
  holdingTime,
  costs,
  regime,
  againstTrend,
  confidence,
} as const satisfies Record<string, AnnotationRule>;

/** What the rules find in a trade, those that have something to say. */
export const findingsOf = (facts: TradeFacts, usual: UsualTrade | null): Finding[] =>
  Object.values(annotationRules).flatMap((rule) => rule(facts, usual) ?? []);

/** Explains a trade by all rules that have something to say; each lesson cites its numbers in the reasoning. */
export const annotateByRules = (facts: TradeFacts, usual: UsualTrade | null): Insight => {
  const findings = findingsOf(facts, usual);
  const outcome = `A ${facts.side === 1 ? 'long' : 'short'} trade ${facts.pnl < 0 ? 'lost' : 'made'} ${Math.abs(facts.pnl).toFixed(2)}.`;
  const reasoning = [outcome, ...findings.map(({ lesson, because }) => `${lesson}: ${because}.`)].join(' ');
  return { reasoning, lessonsLearned: findings.map(({ lesson }) => lesson) };
};
