import { baselines } from './rules/baselines.js';
import { costs } from './rules/costs.js';
import { deflated } from './rules/deflated.js';
import { drawdown } from './rules/drawdown.js';
import { episodes } from './rules/episodes.js';
import { evidence } from './rules/evidence.js';
import { forgetting } from './rules/forgetting.js';
import { improvement } from './rules/improvement.js';
import { servable } from './rules/servable.js';
import { trades } from './rules/trades.js';
import type { GateProfile, GateRule } from './types.js';

/** What a rule looks at: the model itself, or what it earned, which a few sessions cannot tell. */
export type RuleBasis = 'model' | 'returns';

/** One line of the table. */
export interface GateRuleEntry {
  readonly judge: GateRule;
  readonly profiles: readonly GateProfile[];
  readonly basis: RuleBasis;
}

const all = ['simple', 'balanced', 'strict'] as const;
const careful = ['balanced', 'strict'] as const;

/** Every rule of the gate and the profiles in which it counts, in the order in which they are shown. */
export const gateRules = {
  improvement: { judge: improvement, profiles: all, basis: 'returns' },
  evidence: { judge: evidence, profiles: careful, basis: 'returns' },
  trades: { judge: trades, profiles: all, basis: 'returns' },
  episodes: { judge: episodes, profiles: all, basis: 'returns' },
  drawdown: { judge: drawdown, profiles: all, basis: 'returns' },
  costs: { judge: costs, profiles: careful, basis: 'returns' },
  baselines: { judge: baselines, profiles: careful, basis: 'returns' },
  forgetting: { judge: forgetting, profiles: careful, basis: 'returns' },
  servable: { judge: servable, profiles: all, basis: 'model' },
  deflated: { judge: deflated, profiles: ['strict'], basis: 'returns' },
} as const satisfies Record<string, GateRuleEntry>;
