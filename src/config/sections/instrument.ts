import { z } from 'zod';

const positive = z.number().positive();
const cost = z.number().nonnegative();

/** One file of `configs/instruments`; what it leaves out is that of a spot market. */
export const instrumentConfig = z.strictObject({
  id: z.string(),
  tickSize: positive.default(0.01),
  multiplier: positive.default(1),
  lotSize: positive.default(0.00001),
  feeRate: cost.default(0.0005),
  feePerUnit: cost.default(0),
  slippageBps: cost.default(1),
  impactBps: cost.default(0),
  spreadTicks: cost.default(1),
  calendar: z.string().default('always'),
  stamp: z.enum(['open', 'close']).default('open'),
  simulated: z.boolean().default(false),
});
