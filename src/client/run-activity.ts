import { defaultPayloadConverter } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { clientError } from './errors.js';

/** What a training run is waiting for at this moment: an activity, and what it said of itself last. */
export interface RunActivity {
  readonly name: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Why the attempt before failed; null for the first. */
  readonly lastFailure: string | null;
  /** When the server heard of it last, epoch ms; null before the first heartbeat. */
  readonly heardAt: number | null;
  /** In words: `ingesting file 3 of 16`. */
  readonly doing: string | null;
  readonly training: TrainingFigures | null;
}

/** Environment steps, steps per second and loss, as the trainer said them; null before the first. */
export type TrainingFigures = z.infer<typeof figures>;

const number = z.number().nullable();
const figures = z.object({
  phase: z.enum(['starting', 'training', 'waiting']),
  step: z.number(),
  trainSteps: number,
  stepsPerSecond: number,
  loss: number,
  episodeReturn: number,
});
const work = z.object({ doing: z.string() });

/** The activity that a run waits for, by the heartbeats that the server has; null when it waits for none. Throws `LearnerMissing`, `NoAnswer`. */
export const runActivity = async (client: Client, instrument: string, runId: string, deadlineMs = 10_000): Promise<RunActivity | null> => {
  try {
    const { raw } = await client.withDeadline(Date.now() + deadlineMs, () => client.workflow.getHandle(runId).describe());
    const [pending] = raw.pendingActivities ?? [];
    if (pending === undefined) return null;
    const [payload] = pending.heartbeatDetails?.payloads ?? [];
    const said: unknown = payload === undefined ? null : defaultPayloadConverter.fromPayload(payload);
    return {
      name: pending.activityType?.name ?? 'unknown',
      attempt: pending.attempt ?? 1,
      lastFailure: pending.lastFailure?.message ?? null,
      heardAt: pending.lastHeartbeatTime?.seconds == null ? null : Number(pending.lastHeartbeatTime.seconds) * 1_000,
      doing: work.safeParse(said).data?.doing ?? null,
      training: figures.safeParse(said).data ?? null,
    };
  } catch (error) {
    throw clientError(instrument, 'describe', error);
  }
};
