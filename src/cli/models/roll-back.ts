import type { Environment } from '../../config/environment.js';
import type { Terminal } from '../terminal/terminal.js';
import { changeLive, type ChangeOptions } from './change-live.js';

export interface RollbackOptions extends ChangeOptions {
  readonly to?: string;
}

/** Puts a former version back into production, by default the one before. Throws as `changeLive`. */
export const rollBack = (options: RollbackOptions, environment: Environment, terminal: Terminal): Promise<void> => {
  const { to } = options;
  const change = { ...(to === undefined ? {} : { to }) };
  return changeLive(
    options,
    'is live again',
    (learners, instrument, person) => learners.rollback(instrument, { ...person, ...change }),
    environment,
    terminal,
  );
};
