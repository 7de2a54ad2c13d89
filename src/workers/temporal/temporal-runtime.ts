import { Runtime, type Logger as TemporalLogger, type LogLevel, type LogMetadata } from '@temporalio/worker';
import type { Logger } from '../../domain/ports.js';

/** Installs the process's one Temporal runtime, before any connection or worker: its log goes to ours, and signals are left to us. */
export const installTemporalRuntime = (logger: Logger): void => {
  Runtime.install({
    logger: temporalLogger(logger),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' }, forward: {} } },
  });
};

/** Our logger as Temporal's: ids of workflow, run and attempt stay on each line. */
export const temporalLogger = (logger: Logger): TemporalLogger => {
  const log = (level: LogLevel, message: string, meta: LogMetadata = {}): void => logger[ourLevel[level]](message, meta);
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
};

const ourLevel = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<
  LogLevel,
  keyof Logger
>;
