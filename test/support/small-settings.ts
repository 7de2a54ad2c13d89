export interface SmallSettings {
  readonly training?: object;
  readonly debounceSeconds?: number;
}

/** A training of seconds on the simulated market's bars. */
const training = {
  trainSteps: 4_000,
  chunkSteps: 2_000,
  checkpointEvery: 500,
  parallelEpisodes: 4,
  batchSize: 32,
  bufferSize: 4_000,
  warmUpSteps: 200,
  epsilon: { decaySteps: 3_000 },
  environment: { frequency: '15m', lookback: 4, features: ['return', 'range', 'closeLocation'], priceBins: 5, quantityBins: 3 },
  agent: { trunk: [32], head: 16, auxiliaryHead: 0 },
  hindsight: { horizon: 5 },
};

/** A configuration under which a learner waits and trains for seconds. */
export const smallSettings = ({ training: more = {}, debounceSeconds = 0.5 }: SmallSettings = {}) => ({
  autoRetrain: { debounceSeconds },
  serving: { port: 0, canaryMinutes: 0 },
  training: { ...training, ...more },
});
