import { barsToCount } from './bars-needed.js';
import { gateRules, type GateRuleEntry } from './rules.js';
import type { GateDecision, GateEvidence, GateSettings, RuleFinding, RuleOutcome, Verdict } from './types.js';
import { count } from './wording.js';

/**
 * Judges a candidate: every rule is applied and reported, those of the profile count. Any REJECT rejects, else any HOLD holds, else it is
 * promoted. On fewer sessions than can prove anything, poor returns hold instead of rejecting. Pure: the same evidence and settings always give
 * the same decision.
 */
export const judge = (evidence: GateEvidence, settings: GateSettings): GateDecision => {
  const table: readonly (readonly [string, GateRuleEntry])[] = Object.entries(gateRules);
  const rules = table.map(([rule, { judge: apply, profiles, basis }]): RuleOutcome => {
    const finding = basis === 'returns' ? asFarAsShown(apply(evidence, settings), evidence, settings) : apply(evidence, settings);
    return { rule, ...finding, passed: finding.verdict === 'PROMOTE', binding: profiles.includes(settings.profile) };
  });
  const asking = (verdict: Verdict): RuleOutcome[] => rules.filter((outcome) => outcome.binding && outcome.verdict === verdict);
  const rejecting = asking('REJECT');
  const holding = asking('HOLD');
  if (rejecting.length > 0)
    return { verdict: 'REJECT', profile: settings.profile, rules, barsNeeded: null, summary: sentence('Rejected', rejecting) };
  if (holding.length === 0) return { verdict: 'PROMOTE', profile: settings.profile, rules, barsNeeded: null, summary: promotion(rules) };
  const barsNeeded = longest(holding);
  const needed = barsNeeded === null ? '' : ` About ${count(barsNeeded)} more bars would tell.`;
  return { verdict: 'HOLD', profile: settings.profile, rules, barsNeeded, summary: `${sentence('Held', holding)}${needed}` };
};

/** What the returns of too few sessions say against a candidate is not shown yet. */
const asFarAsShown = (finding: RuleFinding, { bars, sessions }: GateEvidence, { evaluationEpisodes }: GateSettings): RuleFinding =>
  finding.verdict === 'REJECT' && sessions < evaluationEpisodes
    ? { ...finding, verdict: 'HOLD', barsNeeded: barsToCount(bars, sessions, evaluationEpisodes) }
    : finding;

const sentence = (verb: string, outcomes: readonly RuleOutcome[]): string =>
  `${verb} by ${outcomes.map((outcome) => outcome.rule).join(', ')}: ${outcomes[0]?.reason ?? ''}`;

const promotion = (rules: readonly RuleOutcome[]): string =>
  `Promoted, all ${count(rules.filter((outcome) => outcome.binding).length)} rules passed: ${rules[0]?.reason ?? ''}`;

/** The largest number of bars that any rule waits for; null when one of them cannot name a number. */
const longest = (holding: readonly RuleOutcome[]): number | null =>
  holding.reduce<number | null>((most, { barsNeeded }) => (most === null || barsNeeded === null ? null : Math.max(most, barsNeeded)), 0);
