import { z } from 'zod';
import { marketRegimes } from '../../domain/market/market-regime.js';

const positive = z.number().positive();
const whole = z.number().int().positive();
const fraction = z.number().min(0).max(1);
const oddBins = whole
  .max(255)
  .refine((bins) => bins % 2 === 1 && bins >= 3, 'bins must be odd and at least 3, so that the middle one is flat');

/** The trading task that the agent learns: what it sees, what it may do, how orders fill. */
export const environmentConfig = z.strictObject({
  /** Length of a decision bar; finer data is aggregated. */
  frequency: z.string().default('1m'),
  /** Bars in an observation. */
  lookback: whole.default(120),
  features: z
    .array(z.string())
    .min(1)
    .default([
      'return',
      'range',
      'closeLocation',
      'relativeVolume',
      'moneyFlow15',
      'rsi',
      'mfi',
      'bollinger',
      'atr',
      'timeOfDay',
      'vwapDistance',
    ]),
  /** Normalised features are clamped to ± this many standard deviations. */
  featureClip: positive.default(5),
  priceBins: oddBins.default(21),
  quantityBins: oddBins.default(11),
  cash: positive.default(100_000),
  /** Largest notional as a share of cash. */
  maxPosition: positive.default(0.9),
  /** Loss in a session, as a share of cash, after which the position is closed and the session's trading ends. */
  lossLimit: positive.default(0.05),
  /** Plays only the sessions that begin in this regime; all unless given. */
  regime: z.enum(marketRegimes).optional(),
});
export type EnvironmentConfig = z.infer<typeof environmentConfig>;

/** The branching dueling Q-network, its update and how it explores. */
const agentSettings = z.strictObject({
  /** `dqn` replays what was lived; `pqn` learns from parallel episodes as they happen, without replay or target network (Gallici et al. 2025). */
  algorithm: z.enum(['dqn', 'pqn']).default('dqn'),
  /** What sees the look-back: the shared layers themselves, or strided convolutions before them. */
  encoder: z.enum(['dense', 'conv']).default('dense'),
  /** The convolutions of `encoder: conv`, first to last; a kernel is as long as its stride, in bars or in what the one before says. */
  convolution: z
    .array(z.strictObject({ stride: whole, channels: whole }))
    .min(1)
    .readonly()
    .default([
      { stride: 5, channels: 32 },
      { stride: 4, channels: 64 },
    ]),
  /** Units of the shared layers. */
  trunk: z.array(whole).min(1).default([256, 256, 256]),
  /** Units of the hidden layer of each head; 0 for none. */
  head: z.number().int().nonnegative().default(256),
  /** Units of the hidden layer of the auxiliary head; 0 for none. */
  auxiliaryHead: z.number().int().nonnegative().default(128),
  /** Splits Q-values into the state's value and the bins' advantages (Wang et al. 2016). */
  dueling: z.boolean().default(true),
  /** Normalises each shared layer before its ReLU (Ba, Kiros and Hinton 2016). */
  layerNorm: z.boolean().default(false),
  /** Quantiles of the return that each bin is given (QR-DQN, Dabney et al. 2018); 0 for its mean alone. */
  quantiles: z.number().int().nonnegative().max(200).default(0),
  /** Bins are chosen by the mean of this share of the lowest quantiles (CVaR): 1 for all of them, less to be averse to risk. */
  cvar: positive.max(1).default(1),
  /** Random bins with probability `training.epsilon`; that probability adapted to volatility and progress; or noise in the heads (NoisyNet, Fortunato et al. 2018). */
  exploration: z.enum(['epsilon', 'adaptive', 'noisy']).default('epsilon'),
  /** What the compiled training step multiplies matrices in; bfloat16 is faster where the processor or GPU has it. Weights, sums and decisions are float32. */
  products: z.enum(['float32', 'bfloat16']).default('float32'),
  learningRate: positive.default(3e-4),
  /** Discount per bar. */
  gamma: fraction.default(0.99),
  /** Share of the online weights that moves into the target each step. */
  polyak: positive.max(1).default(0.005),
  /** Gradient steps between whole copies of the online weights into the target, in place of `polyak`; 0 for none. */
  targetEvery: z.number().int().nonnegative().max(1_000_000).default(0),
  /** Largest global gradient norm. */
  gradientClip: positive.default(1),
  /** Where the Huber loss turns linear. */
  huberDelta: positive.default(1),
  /** Weight of the volatility loss. */
  auxiliaryWeight: z.number().nonnegative().default(0.1),
  /** L2 penalty on the weights (not biases), as in AdamW: decoupled from the gradient. */
  weightDecay: z.number().nonnegative().default(0),
  /** Pull of every parameter towards the value that training started from, decoupled like `weightDecay` (Kumar, Marklund & Van Roy 2023): keeps a net able to learn. */
  l2Init: z.number().nonnegative().default(0),
  /** How much a teacher (`distillation`) is listened to at first, for how many gradient steps until not at all, and how sharply it chooses. */
  kickstartWeight: z.number().nonnegative().default(1),
  kickstartSteps: whole.default(10_000),
  kickstartTemperature: positive.default(0.1),
});

/** `agentSettings` whose options fit each other. */
export const agentConfig = agentSettings
  .refine(({ cvar, quantiles }) => cvar === 1 || quantiles > 1, 'cvar below 1 needs quantiles: set quantiles to 32, say')
  .refine(
    ({ algorithm, layerNorm }) => algorithm === 'dqn' || layerNorm,
    'algorithm pqn has no target network to hold it: set layer_norm to true',
  )
  .refine(({ algorithm, quantiles }) => algorithm === 'dqn' || quantiles === 0, 'algorithm pqn learns means: set quantiles to 0')
  .refine(
    ({ algorithm, exploration }) => algorithm === 'dqn' || exploration !== 'noisy',
    'algorithm pqn explores by epsilon: set exploration to epsilon or adaptive',
  );
export type AgentConfig = z.infer<typeof agentConfig>;

/** How experience is gathered, kept and replayed. */
export const trainingConfig = z
  .strictObject({
    seed: z.number().int().nonnegative().default(42),
    environment: environmentConfig.prefault({}),
    agent: agentConfig.prefault({}),
    /** Environment steps, over all parallel episodes together. */
    trainSteps: whole.default(200_000),
    /** Parallel episodes that step at once. */
    parallelEpisodes: whole.default(16),
    batchSize: whole.default(256),
    /** Environment steps per gradient step. */
    trainEvery: whole.default(4),
    bufferSize: whole.default(500_000),
    /** Environment steps before the first gradient step; by default min(10,000, 10 % of the budget). */
    warmUpSteps: z.number().int().nonnegative().optional(),
    epsilon: z.strictObject({ start: fraction.default(1), end: fraction.default(0.05), decaySteps: whole.default(150_000) }).prefault({}),
    hindsight: z
      .strictObject({
        weight: z.number().nonnegative().default(0.5),
        /** Bars ahead: the longest, where a shortest is given too. */
        horizon: whole.max(4_096).default(30),
        /** With it the horizon of each episode is drawn between the two, log-uniformly, and the agent sees it. */
        shortestHorizon: whole.optional(),
      })
      .refine(({ shortestHorizon = 1, horizon }) => shortestHorizon <= horizon, 'shortestHorizon must not exceed horizon')
      .prefault({}),
    nStep: whole.default(3),
    /** What `algorithm: pqn` does in place of replay: it plays `rolloutSteps` in every parallel episode, then learns from all of that. */
    pqn: z
      .strictObject({
        rolloutSteps: whole.default(32),
        /** Passes over a rollout. */
        epochs: whole.default(2),
        /** Gradient steps in a pass. */
        minibatches: whole.default(4),
        /** How far returns reach: 0 for one step, 1 for the rollout's end. */
        lambda: fraction.default(0.65),
        /** Lets the learning rate fall in a straight line to 0 at the budget's end. */
        anneal: z.boolean().default(true),
      })
      .prefault({}),
    priority: z
      .strictObject({
        enabled: z.boolean().default(true),
        alpha: fraction.default(0.6),
        betaStart: fraction.default(0.4),
        betaEnd: fraction.default(1),
      })
      .prefault({}),
    replay: z
      .strictObject({
        /** Share of each gradient step of a retrain that is drawn from what was traded, once there is enough of it; 0 for none of it. */
        newFraction: fraction.default(0.5),
      })
      .prefault({}),
    /** Hidden units that say next to nothing get a new start (ReDo). */
    recycle: z
      .strictObject({
        /** Gradient steps from one look for them to the next; 0 for never. */
        every: z.number().int().nonnegative().default(1_000),
        /** Share of its layer's mean activity at or below which a unit is dormant. */
        threshold: fraction.default(0.025),
      })
      .prefault({}),
    /** Share of a retrain's episodes in sessions that its parent has not learned from; null for as many as there are of them. */
    newDataShare: fraction.nullable().default(null),
    /** Share of the parent's weights that a retrain starts from; the rest is a fresh network's (shrink and perturb). */
    parentShare: fraction.default(0.8),
    /** Environment steps between checkpoints. */
    checkpointEvery: whole.default(10_000),
    /** Environment steps of one `train` activity. */
    chunkSteps: whole.default(100_000),
  })
  .refine((config) => config.batchSize <= config.bufferSize, 'batchSize must not exceed bufferSize')
  .refine(
    ({ agent, pqn, parallelEpisodes }) => agent.algorithm === 'dqn' || (pqn.rolloutSteps * parallelEpisodes) % pqn.minibatches === 0,
    'pqn.minibatches must divide pqn.rolloutSteps times parallelEpisodes',
  );
export type TrainingConfig = z.infer<typeof trainingConfig>;
