import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { StatusOptions } from '../status/show-status.js';

/** `ratchet status`: what each learner does, what it waits for, and what is live. */
export const statusCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('status')
    .description('show what each instrument is doing, what it waits for, and what is live')
    .option('--instrument <id>', 'only this one')
    .option('--detailed', 'with counts and settings')
    .option('--json', 'everything as JSON')
    .addHelpText('after', '\nExample:\n  ratchet status --instrument MNQ --detailed')
    .action(async (options: StatusOptions) => {
      const { showStatus } = await import('../status/show-status.js'); // not for --help
      await showStatus(options, environment, terminal);
      end(exitCodes.done);
    });
