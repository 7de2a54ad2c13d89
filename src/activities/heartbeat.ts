import { Context } from '@temporalio/activity';

const EVERY_MS = 3_000;

/** Runs the work of an activity with heartbeats that say what it is doing; `doing` changes that. */
export const withHeartbeat = async <T>(work: (doing: (what: string) => void, signal: AbortSignal) => Promise<T>): Promise<T> => {
  const context = Context.current();
  let now = 'starting';
  const beat = (): void => context.heartbeat({ doing: now });
  const timer = setInterval(beat, EVERY_MS);
  beat();
  try {
    return await work((what) => {
      now = what;
      beat();
    }, context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
};
