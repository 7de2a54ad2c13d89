import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { RollbackOptions } from '../models/roll-back.js';

const EXAMPLES = `
Example:
  ratchet rollback --instrument MNQ --by "Ada" --reason "slippage doubled since Tuesday" --to v7
Exit codes: 0 rolled back, 1 refused (nothing to go back to) or Ratchet does not run, 2 used wrongly.`;

/** `ratchet rollback`: a former version is put back, while serving. */
export const rollbackCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('rollback')
    .description('put a former version back into production; recorded with who and why')
    .requiredOption('--by <name>', 'who decides it')
    .requiredOption('--reason <text>', 'why')
    .option('--to <version>', 'one that was live before; by default the last other one')
    .option('--instrument <id>', 'which one, where there are several')
    .option('--bucket <name>', 'horizon class', 'default')
    .option('--json', 'the outcome as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: RollbackOptions) => {
      const { rollBack } = await import('../models/roll-back.js'); // not for --help
      await rollBack(options, environment, terminal);
      end(exitCodes.done);
    });
