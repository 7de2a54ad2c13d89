import { Command } from 'commander';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { readEnvironment } from '../../config/environment.js';
import type { StatusOptions } from '../status/show-status.js';
import { streamTerminal } from '../terminal/terminal.js';

/** `ratchet status`: what each learner does, what it waits for, and what is live. */
export const statusCommand = (end: (code: ExitCode) => void): Command =>
  new Command('status')
    .description('show what each instrument is doing, what it waits for, and what is live')
    .option('--instrument <id>', 'only this one')
    .option('--detailed', 'with counts and settings')
    .option('--json', 'everything as JSON')
    .addHelpText('after', '\nExample:\n  ratchet status --instrument MNQ --detailed')
    .action(async (options: StatusOptions) => {
      const { showStatus } = await import('../status/show-status.js'); // not for --help
      const environment = readEnvironment();
      await showStatus(options, environment, streamTerminal(process.stdout, environment));
      end(exitCodes.done);
    });
