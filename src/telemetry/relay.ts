import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Logger, LogFields } from '../domain/ports.js';

/** Passes the lines that another process of ours writes on to `logger`: JSON lines keep their level and fields, anything else is a warning as it stands. */
export const relayLines = (stream: Readable, logger: Logger, fields: LogFields): void => {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
    if (line.trim() === '') return;
    const record = parse(line);
    if (record === null) logger.warn(line, fields);
    else logger[record.level](record.message, { ...fields, ...record.fields });
  });
};

const parse = (line: string): { level: keyof Logger; message: string; fields: LogFields } | null => {
  if (!line.startsWith('{')) return null;
  try {
    const { level, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
    delete fields.timestamp; // the relaying logger stamps the line itself
    return typeof message === 'string' && isLevel(level) ? { level, message, fields } : null;
  } catch {
    return null;
  }
};

const isLevel = (level: unknown): level is keyof Logger => level === 'debug' || level === 'info' || level === 'warn' || level === 'error';
