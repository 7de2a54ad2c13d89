import type { ChildProcess } from 'node:child_process';
import type { TrainerCommand, TrainerFailure, TrainerMessage, TrainerResult } from '../../domain/training/trainer-protocol.js';

/** How a trainer process ended. */
export type TrainerEnding =
  | { readonly kind: 'done'; readonly result: TrainerResult }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: TrainerFailure };

/** What the trainer says on its way. */
export type TrainerNews = Extract<TrainerMessage, { kind: 'started' | 'progress' | 'checkpointed' | 'waiting' }>;

export interface ConversationOptions {
  readonly onNews: (news: TrainerNews) => void;
  /** Null while this attempt owns the run; may take as long as it needs. */
  readonly mayCommit: (step: number) => Promise<TrainerFailure | null>;
  /** Longest silence of a live trainer. */
  readonly stallAfterMs: number;
}

export interface Conversation {
  /** Never rejects. */
  readonly ended: Promise<TrainerEnding>;
  tell(command: TrainerCommand): void;
  /** Stops watching; the process itself is left alone. */
  close(): void;
}

const WATCH_MS = 1_000;
/** How V8 ends a process whose heap is full: by an abort, which Windows tells as this status. */
const ABORTED = 134;

/** Talks with a forked trainer until it is done, stops, fails, dies, or falls silent. */
export const converse = (child: ChildProcess, { onNews, mayCommit, stallAfterMs }: ConversationOptions): Conversation => {
  const { promise: ended, resolve: end } = withResolvers<TrainerEnding>();
  let heardAt = performance.now();
  let answering = false;
  const tell = (command: TrainerCommand): void => {
    if (child.connected) child.send(command, () => undefined); // a closed channel shows as an exit
  };

  const answer = async (step: number): Promise<void> => {
    answering = true;
    tell({ kind: 'commitAnswer', refusal: await mayCommit(step) });
    answering = false;
    heardAt = performance.now();
  };

  child.on('message', (message: unknown) => {
    heardAt = performance.now();
    if (!isMessage(message)) return;
    if (message.kind === 'mayCommit') void answer(message.step);
    else if (message.kind === 'done' || message.kind === 'failed' || message.kind === 'stopped') end(message);
    else onNews(message);
  });
  child.once('error', (error) => end(failed('TrainerCrashed', `the trainer process could not be started: ${error.message}`)));
  child.once('exit', (code, signal) =>
    end(
      failed(
        signal === 'SIGABRT' || code === ABORTED ? 'OutOfMemory' : 'TrainerCrashed',
        `the trainer process ended by itself (${signal ?? `exit code ${String(code)}`}); see the trainer's log`,
      ),
    ),
  );
  const watch = setInterval(
    () => {
      const silentMs = performance.now() - heardAt;
      if (!answering && silentMs > stallAfterMs)
        end(
          failed(
            'TrainerStalled',
            `the trainer process said nothing for ${Math.round(silentMs / 1_000)} s, expected news every ${stallAfterMs / 1_000} s`,
          ),
        );
    },
    Math.min(WATCH_MS, stallAfterMs),
  );
  return { ended, tell, close: () => clearInterval(watch) };
};

const failed = (type: string, message: string): TrainerEnding => ({ kind: 'failed', failure: { type, message } });

const isMessage = (message: unknown): message is TrainerMessage => typeof message === 'object' && message !== null && 'kind' in message;

/** `Promise.withResolvers`, which Node 20 lacks. */
const withResolvers = <T>(): { promise: Promise<T>; resolve: (value: T) => void } => {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
};
