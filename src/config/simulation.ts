import { z } from 'zod';

const whole = z.number().int().positive();

/** The simulated market that is traded where there is no data of the user's. */
export const simulationConfig = z.strictObject({
  seed: z.number().int().nonnegative().default(1),
  /** Annual Sharpe ratio, net of costs, of the best policy that sees the hidden flow; 0 for a market in which nothing can be earned. */
  edge: z.number().nonnegative().default(6),
  /** Sessions that the evaluation holds out; as many more as `evaluation.evaluation_fraction` says are simulated. 189 are nine months. */
  heldOutSessions: whole.default(200),
  /** Day of the first session. */
  from: z.iso.date().default('2022-01-03'),
});
export type SimulationConfig = z.infer<typeof simulationConfig>;
