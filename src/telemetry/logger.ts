import winston from 'winston';
import type { Logger } from '../domain/ports.js';

const { Console } = winston.transports;

/** JSON lines on standard error: what a service says, for its supervisor or container to keep. */
const standardError = (): winston.transport => new Console({ stderrLevels: Object.keys(winston.config.npm.levels) });

/** A winston logger of JSON lines at `level`, by default on standard error; `fields` go onto each line. */
export const createLogger = (
  level = 'info',
  transports: readonly winston.transport[] = [standardError()],
  fields: Readonly<Record<string, unknown>> = {},
): Logger =>
  winston.createLogger({
    level,
    defaultMeta: fields,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [...transports],
  });
