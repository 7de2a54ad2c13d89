import type { Environment } from '../config/environment.js';
import type { ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal/terminal.js';

/** What a command is run with. */
export interface Invocation {
  readonly environment: Environment;
  readonly terminal: Terminal;
  /** Sets the exit code, which is `done` unless this is called. */
  readonly end: (code: ExitCode) => void;
}
