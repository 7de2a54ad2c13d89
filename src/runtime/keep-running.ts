import { setTimeout as wait } from 'node:timers/promises';
import { afterEnding, restartPolicy } from '../domain/restart-policy.js';
import type { RestartPolicy } from '../domain/restart-policy.js';
import type { Running } from './processes/daemon.js';

/** What happens to one part of the running system, for terminal and log. */
export interface PartEvent {
  readonly part: string;
  readonly kind: 'starting' | 'waiting' | 'ready' | 'adopted' | 'ended' | 'failed' | 'tripped' | 'stopped';
  readonly text: string;
}

export interface KeepRunningOptions<Part extends Running> {
  readonly part: string;
  /** Starts the part and resolves when it is ready; gives up, leaving nothing behind, when the signal aborts. */
  readonly start: (signal: AbortSignal) => Promise<Part>;
  readonly report: (event: PartEvent) => void;
  readonly policy?: RestartPolicy;
}

export interface KeptRunning {
  /** Stops the part, also in the middle of a restart; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Starts a part, rejecting when the first start fails; from then on starts it again whenever it ends, until `stop`. */
export const keepRunning = async <Part extends Running>({
  part,
  start,
  report,
  policy = restartPolicy,
}: KeepRunningOptions<Part>): Promise<KeptRunning & { readonly first: Part }> => {
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  const first = await start(stopping.signal);
  let current: Part | null = first;

  const restart = async (): Promise<Part | null> => {
    try {
      return await start(stopping.signal);
    } catch (error) {
      report({ part, kind: 'failed', text: error instanceof Error ? error.message : String(error) });
      return null;
    }
  };
  const watch = async (): Promise<void> => {
    let endings: readonly number[] = [];
    while (!isStopping()) {
      const how = current === null ? 'it could not be started' : await current.ended;
      if (isStopping()) return;
      const next = afterEnding(endings, Date.now(), policy);
      endings = next.recent;
      report({ part, kind: next.tripped ? 'tripped' : 'ended', text: `${how}; starting it again in ${next.delayMs / 1000} s` });
      await wait(next.delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!isStopping()) current = await restart();
    }
  };
  const watched = watch();
  return {
    first,
    async stop() {
      stopping.abort();
      await current?.stop();
      await watched;
      await current?.stop(); // one that came up while the first stop was on its way
      report({ part, kind: 'stopped', text: 'stopped' });
    },
  };
};
