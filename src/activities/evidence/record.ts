import { z } from 'zod';
import { gateConfig } from '../../config/sections/evaluation.js';
import { instrumentConfig } from '../../config/sections/instrument.js';
import { environmentConfig } from '../../config/sections/training.js';

const artifact = z.string().regex(/^[0-9a-f]{64}$/, 'expected the id of an artifact');
const amount = z.number();

const trade = z.object({
  session: z.number().int(),
  side: z.union([z.literal(1), z.literal(-1)]),
  units: amount,
  entryBar: z.number().int(),
  exitBar: z.number().int(),
  entryPrice: amount,
  exitPrice: amount,
  net: amount,
});

const played = z.object({
  /** Series by bar, as artifacts of little-endian float64: returns net of costs and traded notional, as fractions of cash. */
  returns: artifact,
  traded: artifact,
  gross: amount,
  costs: z.object({ fee: amount, spread: amount, slippage: amount, impact: amount }),
  net: amount,
  trades: z.array(trade).readonly(),
  actions: z.array(z.number().int()).readonly(),
});

/**
 * Everything that an evaluation measured and was set to, as one artifact: from it and the series that it names each number of the evidence is
 * computed again, and from the models and the dataset that it names the series themselves.
 */
export const evaluationRecord = z.strictObject({
  format: z.literal(1),
  run: z.string().nullable(),
  bucket: z.string(),
  instrument: instrumentConfig,
  /** Id of the bars and artifact of the file that holds them. */
  dataset: z.object({ id: artifact, artifact, simulated: z.boolean() }),
  /** Artifact ids of the models' bundles, and the version that the candidate was compared with; null for cash. */
  candidate: artifact,
  production: artifact.nullable(),
  comparedWith: z.string().nullable(),
  /** Bars of the dataset, the first of which only the first decision is made on. */
  sessions: z.array(z.object({ from: z.number().int(), to: z.number().int() })).readonly(),
  refused: z.object({ count: z.number(), reason: z.string() }).optional(),
  regimes: z.array(z.string()).readonly(),
  periodsPerYear: z.number(),
  /** Series: close of each bar that has a return, epoch ms. */
  closeTimes: artifact,
  environment: environmentConfig,
  /** Bars of the first look, where this was a later one. */
  firstBars: z.number().int().optional(),
  trials: z.object({ count: z.number(), sharpes: z.array(z.number()).readonly() }),
  servable: z.object({ loads: z.boolean(), p99LatencyMs: z.number().nullable(), finite: z.boolean() }),
  gate: gateConfig.extend({ evaluationEpisodes: z.number() }),
  bootstrap: z.object({ replicates: z.number(), seed: z.number() }),
  played: z.object({ candidate: played, stressed: played, production: played.nullable(), buyAndHold: played }),
});
export type EvaluationRecord = z.output<typeof evaluationRecord>;
export type PlayedRecord = z.output<typeof played>;
