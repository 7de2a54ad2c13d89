import { once } from 'node:events';
import { createStream } from 'rotating-file-stream';
import winston from 'winston';

export interface LogFilesOptions {
  readonly folder: string;
  /** Size at which a file is rotated. */
  readonly maxBytes: number;
  /** Rotated files kept of each log. */
  readonly keep: number;
}

/** `ratchet.log` holds everything, `error.log` errors, `training.log` what the trainer says. */
const FILES = {
  'ratchet.log': () => true,
  'error.log': (line: winston.Logform.TransformableInfo) => line.level === 'error',
  'training.log': (line: winston.Logform.TransformableInfo) => line.service === 'trainer',
} as const satisfies Record<string, (line: winston.Logform.TransformableInfo) => boolean>;

export interface LogFiles {
  readonly transports: readonly winston.transport[];
  /** Writes out what is buffered and closes the files. */
  close(): Promise<void>;
}

/**
 * Winston transports onto the log files of `folder`, rotated at midnight and by size to `NAME.YYYY-MM-DD[.n]`.
 * One process writes them: the supervisor, which relays the lines of the others.
 */
export const openLogFiles = ({ folder, maxBytes, keep }: LogFilesOptions): LogFiles => {
  const size = `${Math.max(1, Math.round(maxBytes / 1024))}K`;
  const files = Object.entries(FILES).map(([name, wanted]) => ({
    wanted,
    stream: createStream(rotatedName(name), { path: folder, size, interval: '1d', maxFiles: keep }),
  }));
  return {
    transports: files.map(
      ({ wanted, stream }) => new winston.transports.Stream({ stream, format: winston.format((line) => (wanted(line) ? line : false))() }),
    ),
    async close() {
      await Promise.all(files.map(({ stream }) => (stream.end(), once(stream, 'close'))));
    },
  };
};

const rotatedName =
  (name: string) =>
  (time: number | Date | null, index?: number): string => {
    if (time === null) return name;
    const day = new Date(time).toISOString().slice(0, 10);
    return index === undefined || index <= 1 ? `${name}.${day}` : `${name}.${day}.${index - 1}`;
  };
