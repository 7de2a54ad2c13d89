import { z } from 'zod';
import { FEWEST_SEEDS } from '../../domain/transfer/effect.js';
import { bucketNames } from '../../domain/agent/bucket.js';
import { marketRegimes } from '../../domain/market/market-regime.js';
import { expandRegimes } from './expand-regimes.js';

const whole = z.number().int().positive();

const indicators = ['price', 'volume', 'macd', 'rsi', 'ema'];

/** A horizon bucket: what its model sees and how far ahead it looks. What is not given is as in `training`. */
export const bucketConfig = z
  .strictObject({
    /** Bars ahead, from the shortest to the longest. */
    horizon: z.strictObject({ shortest: whole, longest: whole.max(4_096) }),
    /** Names of features and of groups (`price`, `volume`, `ema`, `ichimoku`, `fibonacci`). */
    features: z.array(z.string()).min(1),
    /** Exploration that stays at the end. */
    epsilonEnd: z.number().min(0).max(1).optional(),
    /** Length of a decision bar. */
    frequency: z.string().optional(),
    learningRate: z.number().positive().optional(),
    /** Share of the cash that the bucket trades with. */
    capitalAllocation: z.number().positive().max(1).optional(),
    /** The regime whose sessions the model is trained, judged and asked in; all unless given. */
    regime: z.enum(marketRegimes).optional(),
    /** Regimes that have a model each: short for as many buckets, `ScalpingCalm` for `calm` of `Scalping`. */
    regimes: z
      .array(z.enum(marketRegimes))
      .min(1)
      .refine((regimes) => new Set(regimes).size === regimes.length, 'each regime may be named once')
      .optional(),
  })
  .refine(({ horizon }) => horizon.shortest <= horizon.longest, 'horizon.shortest must not exceed horizon.longest')
  .refine(({ regime, regimes }) => regime === undefined || regimes === undefined, 'expected regime or regimes, not both');
/** A bucket as it is written. */
export type WrittenBucket = z.infer<typeof bucketConfig>;
export type BucketConfig = Omit<WrittenBucket, 'regimes'>;

const bucketName = z.string().refine(bucketNames.test, bucketNames.expected);

/** The buckets by name. */
export const bucketsConfig = z
  .record(bucketName, bucketConfig)
  .default({
    Scalping: { horizon: { shortest: 1, longest: 72 }, features: indicators, epsilonEnd: 0.1 },
    Short: { horizon: { shortest: 6, longest: 144 }, features: [...indicators, 'bollinger'], epsilonEnd: 0.05 },
    Medium: { horizon: { shortest: 24, longest: 288 }, features: [...indicators, 'bollinger', 'ichimoku'], epsilonEnd: 0.03 },
    Long: { horizon: { shortest: 72, longest: 576 }, features: [...indicators, 'bollinger', 'ichimoku', 'fibonacci'], epsilonEnd: 0.02 },
  })
  .transform((written, context) =>
    expandRegimes(written, (bucket, message) =>
      context.issues.push({ code: 'custom', path: [bucket, 'regimes'], message, input: written }),
    ),
  );

/** How buckets are trained one after another. */
export const progressiveConfig = z.strictObject({
  sequence: z
    .array(bucketName)
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'each bucket may be named once')
    .default(['Scalping', 'Short', 'Medium', 'Long']),
  /** Sessions that a bucket trains on, a session being what one is on average in its data; per bucket where `episodes` names it. */
  episodesPerBucket: whole.default(20),
  episodes: z.record(bucketName, whole).default({}),
  /** Most episodes of any bucket. */
  maxEpisodes: whole.default(100),
  /** Fewest gradient steps of a bucket, however few its episodes are. */
  minGradientSteps: whole.default(2_000),
  pauseBetweenBucketsSeconds: z.number().nonnegative().default(3),
  /** Whether a sequence chooses its order, and which bucket hands on to which, by what earlier transfers were measured to be worth. */
  curriculum: z.boolean().default(false),
  /** Buckets that are trained at once where none is handed on to another; each takes a trainer. */
  parallel: whole.max(32).default(1),
  transfer: z
    .strictObject({
      /** Whether a bucket starts with what the one before it learned. */
      enabled: z.boolean().default(true),
      weights: z.boolean().default(true),
      /** Share of the source's weights; the rest is a fresh network's. */
      weightAlpha: z.number().min(0).max(1).default(0.3),
      /** Whether the importance of the source's features shapes the fresh input layer. */
      features: z.boolean().default(true),
      /** Share of the source's importance; the rest is equal importance. */
      featureAlpha: z.number().min(0).max(1).default(0.5),
      /** Whether the source's effective horizons shape those that episodes are drawn from. */
      horizons: z.boolean().default(true),
      /** Share of the source's horizons; the rest is log-uniform. */
      horizonAlpha: z.number().min(0).max(1).default(0.5),
      /** Whether the source teaches at first (kickstarting; `training.agent.kickstart…`). */
      distillation: z.boolean().default(false),
      /** Episodes after which the source teaches anew, while its pupil trains; null for never, and `distillation` alone for once. */
      periodicEpisodes: whole.nullable().default(null),
      /** Fewest episodes between two periodic transfers. */
      cooldownEpisodes: whole.default(5),
      /** Whether the buckets are trained once more, backwards, with what the later ones know, where that was shown to help. */
      reverse: z.boolean().default(false),
      /** Share of the training sessions, the newest, that no bucket trains on: effects are measured there. */
      validationShare: z.number().gt(0).lt(1).default(0.1),
      /** How the effect of a transfer is measured: trainings with and without it, equal in everything else. */
      control: z
        .strictObject({
          /** Pairs of trainings, by seed; 0 for none, which leaves transfers unmeasured. */
          seeds: z
            .number()
            .int()
            .nonnegative()
            .max(16)
            .refine((seeds) => seeds === 0 || seeds >= FEWEST_SEEDS, `expected 0 or at least ${FEWEST_SEEDS} seeds: fewer show nothing`)
            .default(FEWEST_SEEDS),
          /** Environment steps of each; by default those of the bucket. */
          steps: whole.optional(),
          /** Trainings under way at once; each takes a trainer. */
          parallel: whole.default(2),
        })
        .prefault({}),
    })
    .prefault({}),
});
export type ProgressiveConfig = z.infer<typeof progressiveConfig>;
