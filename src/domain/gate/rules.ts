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

const all = ['simple', 'balanced', 'strict'] as const;
const careful = ['balanced', 'strict'] as const;

/** Every rule of the gate and the profiles in which it counts, in the order in which they are shown. */
export const gateRules = {
  improvement: { judge: improvement, profiles: all },
  evidence: { judge: evidence, profiles: careful },
  trades: { judge: trades, profiles: all },
  episodes: { judge: episodes, profiles: all },
  drawdown: { judge: drawdown, profiles: all },
  costs: { judge: costs, profiles: careful },
  baselines: { judge: baselines, profiles: careful },
  forgetting: { judge: forgetting, profiles: careful },
  servable: { judge: servable, profiles: all },
  deflated: { judge: deflated, profiles: ['strict'] },
} as const satisfies Record<string, { readonly judge: GateRule; readonly profiles: readonly GateProfile[] }>;

export type RuleName = keyof typeof gateRules;
