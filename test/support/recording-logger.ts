import type { LogFields, Logger } from '../../src/domain/ports.js';

export interface LogLine {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields?: LogFields | undefined;
}

/** A logger that keeps its lines for the test to read. */
export const recordingLogger = (): Logger & { readonly lines: readonly LogLine[] } => {
  const lines: LogLine[] = [];
  const at = (level: keyof Logger) => (message: string, fields?: LogFields) => void lines.push({ level, message, fields });
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};
