import { readEnvironment, type Environment } from '../config/environment.js';
import type { Logger } from '../domain/ports.js';
import { createLogger } from '../telemetry/logger.js';
import { installTemporalRuntime } from './temporal/temporal-runtime.js';

/** What a service is given to start with. */
export interface ServiceContext {
  readonly environment: Environment;
  readonly logger: Logger;
  /** Aborted when the service is to stop: by SIGTERM, SIGINT, or the end of the process that forked it. */
  readonly stopping: AbortSignal;
  /** Registers what is closed when the service has ended; last in, first out. */
  readonly closeLater: (close: () => Promise<void>) => void;
}

/** A service that serves. */
export interface RunningService {
  /** Told to the supervisor with `ready`: the port, say. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Ends when the service does; it rejects when the service failed. */
  readonly finished: Promise<void>;
  /** Begins a graceful stop; `finished` ends when it is done. */
  readonly stop: () => void;
}

/**
 * Runs this process as a service: starts it, tells the supervisor (if one forked it) when it serves, and stops it gracefully.
 * Exits with 0 after a stop and with 1 after a failure.
 */
export const runService = async (name: string, start: (context: ServiceContext) => Promise<RunningService>): Promise<never> => {
  const environment = readEnvironment();
  const logger = createLogger(environment.logLevel, undefined, { service: name });
  installTemporalRuntime(logger);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort(new Stopped(signal)));
  process.once('disconnect', () => stop.abort(new Stopped('the supervisor ended')));
  const closers: (() => Promise<void>)[] = [];
  try {
    await serve(await start({ environment, logger, stopping: stop.signal, closeLater: (close) => void closers.push(close) }), stop.signal);
    logger.info('stopped');
    return await leave(closers, logger, 0);
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return await leave(closers, logger, 0);
    logger.error(error instanceof Error ? error.message : String(error), { stack: error instanceof Error ? error.stack : undefined });
    stop.abort(error); // what still waits for something must not hold up the end
    return leave(closers, logger, 1);
  }
};

/** Why a service stops. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

const serve = async ({ details, finished, stop }: RunningService, stopping: AbortSignal): Promise<void> => {
  if (stopping.aborted) stop();
  else {
    stopping.addEventListener('abort', () => stop(), { once: true });
    process.send?.({ kind: 'ready', ...details });
  }
  await finished;
};

const leave = async (closers: readonly (() => Promise<void>)[], logger: Logger, code: number): Promise<never> => {
  for (const close of closers.toReversed())
    await close().catch((error: unknown) => logger.warn('could not close cleanly', { reason: String(error) }));
  process.exit(code);
};
