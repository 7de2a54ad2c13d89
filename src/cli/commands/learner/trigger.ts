import { Command } from 'commander';
import { exitCodes } from '../../exit-codes.js';
import type { Invocation } from '../../invocation.js';
import type { LedgerOptions } from '../../learner/show-ledger.js';

const EXAMPLES = `
Example:
  ratchet trigger list --instrument MNQ --last 5
Exit codes: 0 answered, 1 Ratchet does not run or knows no such learner, 2 used wrongly.`;

/** `ratchet trigger list`: the ledger, what asked for a training and what became of it. */
export const triggerCommand = ({ environment, terminal, end }: Invocation): Command => {
  const list = new Command('list')
    .description('show what asked for a training, newest first, and what became of each')
    .option('--instrument <id>', 'only this one')
    .option('--last <count>', 'so many of each instrument', '20')
    .option('--json', 'the whole ledger as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: LedgerOptions) => {
      const { showLedger } = await import('../../learner/show-ledger.js'); // not for --help
      await showLedger(options, environment, terminal);
      end(exitCodes.done);
    });
  return new Command('trigger')
    .alias('ledger')
    .description('show what asks for trainings: the ledger')
    .addCommand(list, { isDefault: true });
};
