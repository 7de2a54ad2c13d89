import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  isCancellation,
  TemporalFailure,
  TerminatedFailure,
  TimeoutFailure,
} from '@temporalio/workflow';

/** The type and message at the root of what an activity or child workflow failed with. */
export const causeOf = (error: unknown): { readonly type: string; readonly message: string } => {
  if ((error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) && error.cause !== undefined) return causeOf(error.cause);
  if (error instanceof ApplicationFailure) return { type: error.type ?? error.name, message: error.message };
  if (error instanceof TimeoutFailure) return { type: `Timeout${error.timeoutType}`, message: error.message };
  if (error instanceof TemporalFailure || error instanceof Error) return { type: error.name, message: error.message };
  return { type: 'Unknown', message: String(error) };
};

/** Whether a child workflow was cancelled or terminated, which only a person does. */
export const endedByHand = (error: unknown): boolean =>
  isCancellation(error) || (error instanceof ChildWorkflowFailure && error.cause instanceof TerminatedFailure);
