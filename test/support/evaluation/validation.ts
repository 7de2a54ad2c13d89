import { combinatorialPurged } from '../../../src/domain/validation/combinatorial.js';
import type { SplitResult, ValidationPlan } from '../../../src/domain/validation/steps.js';

const BARS_PER_SESSION = 11;
const SESSIONS = 24;

/** Two of four groups of made-up sessions, twice each, with nothing behind the artifacts' ids. */
export const validationPlan = (changed: Partial<ValidationPlan> = {}): ValidationPlan => ({
  ...combinatorialPurged({
    starts: Array.from({ length: SESSIONS + 1 }, (_, session) => session * BARS_PER_SESSION),
    groups: 4,
    tested: 2,
    gap: { before: 5, after: 5 },
  }),
  dataset: { id: 'd'.repeat(64), artifact: 'e'.repeat(64), simulated: true },
  config: 'f'.repeat(64),
  purgeBars: 5,
  embargoBars: 0,
  periodsPerYear: 2_520,
  from: '2026-01-05T14:31:00.000Z',
  to: '2026-03-20T21:00:00.000Z',
  trials: 2,
  blocks: 4,
  parallel: 3,
  ...changed,
});

/** Of a split of `validationPlan`: six sessions of ten returns in each of two groups. */
export const splitResult = (changed: Partial<SplitResult> = {}): SplitResult => ({
  split: 's01',
  trial: 0,
  bundle: 'a'.repeat(64),
  returns: 'b'.repeat(64),
  bars: [60, 60],
  sharpe: 1,
  totalReturn: 0.01,
  maxDrawdown: 0.005,
  trades: 40,
  ...changed,
});
