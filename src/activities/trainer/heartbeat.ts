import { z } from 'zod';
import type { TrainerFailure, TrainerHeartbeat } from '../../domain/training/trainer-protocol.js';
import type { TrainerNews } from '../training/converse.js';

const figure = z.number().nullable();
const heartbeat = z.object({
  phase: z.enum(['starting', 'training', 'waiting']),
  step: z.number(),
  trainSteps: figure,
  checkpoint: z.object({ name: z.string(), step: z.number(), sha256: z.string() }).nullable(),
  stepsPerSecond: figure,
  loss: figure,
  episodeReturn: figure,
  failuresWithoutProgress: z.number(),
  halvings: z.number().default(0),
});

/** An attempt's first heartbeat: what the attempt before it said last, which an empty one would wipe out. */
export const firstHeartbeat = (previous: unknown): TrainerHeartbeat => {
  const { data } = heartbeat.safeParse(previous);
  return data === undefined
    ? {
        phase: 'starting',
        step: 0,
        trainSteps: null,
        checkpoint: null,
        stepsPerSecond: null,
        loss: null,
        episodeReturn: null,
        failuresWithoutProgress: 0,
        halvings: 0,
      }
    : { ...data, phase: 'starting', stepsPerSecond: null };
};

/** The heartbeat once the trainer has said something. */
export const afterNews = (current: TrainerHeartbeat, news: TrainerNews): TrainerHeartbeat => {
  switch (news.kind) {
    case 'started':
      return { ...current, phase: 'training', step: news.step, checkpoint: news.checkpoint };
    case 'progress': {
      const { step, trainSteps, environmentStepsPerSecond: stepsPerSecond, loss, episodeReturn } = news.progress;
      return { ...current, phase: 'training', step, trainSteps, stepsPerSecond, loss, episodeReturn };
    }
    case 'checkpointed':
      return { ...current, phase: 'training', checkpoint: news.checkpoint, failuresWithoutProgress: 0 };
    case 'waiting':
      return { ...current, phase: 'waiting' };
  }
};

/** The heartbeat that travels with a failed attempt. A full disk says nothing about the run, so it does not count against it. */
export const attemptFailed = (current: TrainerHeartbeat, { type }: TrainerFailure): TrainerHeartbeat => ({
  ...current,
  failuresWithoutProgress: current.failuresWithoutProgress + (type === 'DiskFull' ? 0 : 1),
  halvings: (current.halvings ?? 0) + (type === 'OutOfMemory' ? 1 : 0),
});
