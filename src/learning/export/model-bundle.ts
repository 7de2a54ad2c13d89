import { z } from 'zod';
import { marketRegimes } from '../../domain/market/market-regime.js';
import type { ModelBundle } from '../../domain/model/model.js';

const numbers = z.array(z.number()).readonly();

const modelBundle: z.ZodType<ModelBundle> = z.object({
  format: z.literal(1),
  instrument: z.string(),
  bucket: z.string(),
  observation: z.object({
    features: z.array(z.string()).readonly(),
    lookback: z.number().int().positive(),
    frequencyMs: z.number().positive(),
    normaliser: z.object({ mean: numbers, scale: numbers, clip: z.number() }),
  }),
  schemaHash: z.string(),
  bins: z.object({ price: z.number().int(), quantity: z.number().int() }),
  onnx: z.string(),
  weights: z.string(),
  weightsHash: z.string(),
  horizon: z.number(),
  environment: z.object({
    frequency: z.string(),
    cash: z.number(),
    maxPosition: z.number(),
    lossLimit: z.number(),
    regime: z.enum(marketRegimes).exactOptional(),
  }),
  dataset: z.string(),
  shared: z
    .array(z.object({ instrument: z.string(), dataset: z.string() }))
    .readonly()
    .exactOptional(),
  parent: z.string().nullable(),
  seed: z.number(),
  simulated: z.boolean(),
});

/** A bundle out of its artifact. Throws `RangeError` for another format, such as that of a later version of Ratchet. */
export const readModelBundle = (content: Uint8Array): ModelBundle => {
  const result = modelBundle.safeParse(JSON.parse(new TextDecoder().decode(content)));
  if (result.success) return result.data;
  throw new RangeError(`this is not a model bundle of format 1: ${z.prettifyError(result.error)}`);
};
