import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

/** A request that the learner refused; the message says why. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** No learner runs for this instrument. */
export class LearnerMissing extends Error {
  override readonly name = 'LearnerMissing';
  constructor(instrument: string, cause: Error) {
    super(`no learner runs for ${instrument}: it begins with the first file that is reported of it (see \`ratchet status\`)`, {
      cause,
    });
  }
}

/** Temporal or the workers did not answer in time. What was asked for may still be carried out. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(what: string, cause: Error) {
    super(`no answer to ${what} in time: are Temporal and an orchestration worker running? It may still be carried out`, { cause });
  }
}

/** What Temporal's client threw, in the client's own terms. */
export const clientError = (instrument: string, what: string, error: unknown): unknown => {
  if (error instanceof WorkflowNotFoundError) return new LearnerMissing(instrument, error);
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof Error) return refusal(error.cause);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return new NoAnswer(what, error);
  if (isUnanswered(error)) return new NoAnswer(what, error);
  return error;
};

/** Whether a call to Temporal's server failed in itself: it could not be reached, was cut off, or was too slow. Most calls wrap what the connection said. */
export const isUnanswered = (error: unknown): error is Error =>
  isGrpcServiceError(error) || (error instanceof ServiceError && isGrpcServiceError(error.cause));

const refusal = (cause: Error): Error => {
  const root = rootOf(cause);
  return root instanceof ApplicationFailure ? new Refused(root.message, { cause: root }) : root;
};

/** The error that began a chain of causes. */
export const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);
