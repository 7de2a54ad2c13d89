import { z } from 'zod';

/** The simulated market that is traded where there is no data of the user's. */
export const simulationConfig = z.strictObject({
  seed: z.number().int().nonnegative().default(1),
  /** Annual Sharpe ratio, net of costs, of the best policy that sees the hidden flow: 0 for a market in which nothing can be earned; by default that of the default market. */
  edge: z.number().nonnegative().optional(),
});
export type SimulationConfig = z.infer<typeof simulationConfig>;
