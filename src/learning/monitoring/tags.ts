/** TensorBoard's names of the training figures: Stable-Baselines3's where it has them, so that its boards and scripts work; `health/…` for the rest. */
export const tensorboardTags = {
  loss: 'train/loss',
  learningRate: 'train/learning_rate',
  gradientSteps: 'train/n_updates',
  epsilon: 'rollout/exploration_rate',
  episodeReturn: 'rollout/ep_rew_mean',
  winRate: 'rollout/success_rate',
  environmentStepsPerSecond: 'time/fps',
  step: 'time/total_timesteps',
  episodes: 'time/episodes',
  qLoss: 'train/q_loss',
  auxiliaryLoss: 'train/auxiliary_loss',
  gradientNorm: 'train/gradient_norm',
  bufferSize: 'train/buffer_size',
  dormantShare: 'health/dormant_share',
  dormantShareOverall: 'health/dormant_share_overall',
  silentShare: 'health/silent_share',
  activationMean: 'health/activation_mean',
  activationDeviation: 'health/activation_deviation',
  weightNorm: 'health/weight_norm',
  largestLayerNorm: 'health/largest_layer_norm',
  episodeReturnRiskAdjusted: 'rollout/ep_rew_risk_adjusted',
  sampleEfficiency: 'rollout/sample_efficiency',
} as const;

/** The figures of a record under TensorBoard's names; those that have none or no value are left out. */
export const tagged = (figures: Readonly<Record<string, number | null>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(tensorboardTags).flatMap(([name, tag]) => {
      const value = figures[name];
      return value === undefined || value === null ? [] : [[tag, value] as const];
    }),
  );
