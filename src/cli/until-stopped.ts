import { watchParent } from '../runtime/processes/watch-parent.js';

/** Runs work that Ctrl-C, SIGTERM and the end of npm ask to stop; being asked again changes nothing, for stopping is under way. */
export const untilStopped = async <Outcome>(work: (stop: AbortSignal) => Promise<Outcome>): Promise<Outcome> => {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  const unwatch = watchParent(stop);
  try {
    return await work(stopping.signal);
  } finally {
    unwatch();
    for (const signal of signals) process.off(signal, stop);
  }
};
