import winston from 'winston';
import type { Logger } from '../domain/ports.js';

const { Console } = winston.transports;

/** A winston logger of JSON lines on standard error at `level`. */
export const createLogger = (level = 'info'): Logger =>
  winston.createLogger({
    level,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: new Console({ stderrLevels: Object.keys(winston.config.npm.levels) }),
  });
