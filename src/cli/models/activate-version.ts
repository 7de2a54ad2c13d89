import type { Environment } from '../../config/environment.js';
import type { Terminal } from '../terminal/terminal.js';
import { changeLive, type ChangeOptions } from './change-live.js';

/** Puts a version into production whatever the gate said, which is recorded as a person's decision. Throws as `changeLive`. */
export const activateVersion = (version: string, options: ChangeOptions, environment: Environment, terminal: Terminal): Promise<void> =>
  changeLive(
    options,
    'is live',
    (learners, instrument, person) => learners.promote(instrument, { ...person, version }),
    environment,
    terminal,
  );
