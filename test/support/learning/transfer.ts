import { agentConfig, type AgentConfig } from '../../../src/config/sections/training.js';
import { observationSize, type ObservationSchema } from '../../../src/domain/agent/observation.js';
import type { RandomStream } from '../../../src/domain/ports.js';
import { exportOnnx } from '../../../src/learning/export/onnx.js';
import type { NamedTensor } from '../../../src/learning/learner.js';
import { createNetwork, initialParameters } from '../../../src/learning/network.js';

export const transferAgent = agentConfig.parse({ trunk: [12, 10], head: 8, auxiliaryHead: 0 });
/** The same behind convolutions, which pad most look-backs. */
export const convolvingAgent: AgentConfig = { ...transferAgent, encoder: 'conv', convolution: [{ stride: 2, channels: 6 }, { stride: 2, channels: 5 }] }; // prettier-ignore
export const transferBins = { price: 5, quantity: 7 };

/** A schema of one-minute bars. */
export const schemaOf = (
  features: readonly string[],
  lookback: number,
  normaliser: Partial<ObservationSchema['normaliser']> = {},
): ObservationSchema => ({
  features,
  lookback,
  frequencyMs: 60_000,
  normaliser: { mean: features.map(() => 0), scale: features.map(() => 1), clip: 5, ...normaliser },
});

/** `online/…` of a network whose every parameter is random, so that every one matters. */
export const randomNetwork = (schema: ObservationSchema, random: RandomStream, agent = transferAgent): NamedTensor[] =>
  initialParameters(createNetwork(agent, observationSize(schema), transferBins, { lookback: schema.lookback }), random).map(
    ({ name, shape, values }) => ({
      name: `online/${name}`,
      shape,
      values: values.map(() => 0.3 * random.normal()),
    }),
  );

/** The same as it is served. */
export const servedNetwork = (online: readonly NamedTensor[], schema: ObservationSchema, agent = transferAgent): Uint8Array =>
  exportOnnx({ online, agent, observationSize: observationSize(schema), lookback: schema.lookback, bins: transferBins });
