import { z } from 'zod';
import { bucketsConfig, progressiveConfig } from './buckets/buckets.js';
import { driftConfig } from './sections/drift.js';
import { evaluationConfig, gateConfig } from './sections/evaluation.js';
import { experiencesConfig } from './sections/experiences.js';
import { instrumentConfig } from './sections/instrument.js';
import { memoryConfig } from './sections/memory.js';
import { learnerConfig } from './sections/learner.js';
import { paperConfig } from './sections/paper.js';
import { simulationConfig } from './sections/simulation.js';
import { trainingConfig } from './sections/training.js';

/** Everything that can be set; every default lives in these schemas and unknown keys are refused. */
export const ratchetConfig = z.strictObject({
  /** What is traded beside the instruments of `configs/instruments`; one with the same id replaces it. */
  instruments: z.array(instrumentConfig).default([]),
  /** By instrument: others whose bars its models learn from too, in one direction. */
  sharedWith: z.record(z.string(), z.array(z.string())).default({}),
  watch: z
    .strictObject({
      path: z.string().optional(),
      /** Ids of the instruments whose exports these are; empty for every configured one that a file's name begins with. One alone owns every file. */
      instruments: z.array(z.string()).default([]),
      /** A file is finished when neither its size nor its time has changed for this long and its last line is whole. */
      settleSeconds: z.number().positive().default(2),
      rescanSeconds: z.number().positive().default(300),
    })
    .prefault({}),
  simulation: simulationConfig.prefault({}),
  autoRetrain: learnerConfig.prefault({}),
  experiences: experiencesConfig.prefault({}),
  paper: paperConfig.prefault({}),
  drift: driftConfig.prefault({}),
  quality: z.strictObject({ threshold: z.number().min(0).max(1).default(0.95) }).prefault({}),
  training: trainingConfig.prefault({}),
  /** Horizon buckets by name; a model trained without buckets belongs to `default`. */
  buckets: bucketsConfig,
  progressive: progressiveConfig.prefault({}),
  memory: memoryConfig.prefault({}),
  evaluation: evaluationConfig.prefault({}),
  gate: gateConfig.prefault({}),
  retention: z
    .strictObject({
      /** Newest versions of an instrument and bucket whose models are kept, besides those that are live or were lately, were promoted lately, are pinned or wait as challenger. */
      maxModelVersions: z.number().int().positive().default(10),
      /** Models registered longer ago are deleted, the same excepted; none for its age unless set. */
      maxModelAgeDays: z.number().positive().optional(),
      /** Room for all models together, in millions of bytes: the oldest are deleted until the rest fits, the same excepted; no limit unless set. */
      maxModelsMb: z.number().positive().optional(),
    })
    .prefault({}),
  serving: z
    .strictObject({
      port: z.number().int().min(0).max(65_535).default(8200),
      host: z.string().default('127.0.0.1'),
      /** Lets a baseline, which nothing has proven, act. */
      serveUnproven: z.boolean().default(false),
      /** How long a version that replaced another is watched: a breach of what serving promises puts the other back; 0 for not at all. */
      canaryMinutes: z.number().nonnegative().default(10),
      /** A version registered longer ago acts flat; none does unless set. */
      expirationHours: z.number().positive().optional(),
      /** On bars that closed longer ago than this many of their lengths a version acts flat; simulated ones are never too old. */
      staleAfterBars: z.number().positive().default(10),
    })
    .prefault({}),
  /** `quiet` trains on half the cores at low priority, `full` at the priority of everything else on all cores. */
  performance: z
    .strictObject({
      mode: z.enum(['quiet', 'normal', 'full']).default('normal'),
      /** Whether trainers use the GPUs that they have. */
      gpu: z.boolean().default(true),
    })
    .prefault({}),
  logging: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
      maxFileMb: z.number().positive().default(10),
      keep: z.number().int().positive().default(5),
    })
    .prefault({}),
});
export type RatchetConfig = z.infer<typeof ratchetConfig>;
