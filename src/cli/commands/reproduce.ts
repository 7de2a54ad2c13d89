import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { ReproduceOptions } from '../models/reproduce.js';

const EXAMPLES = `
Examples:
  ratchet reproduce v7 --instrument MNQ
  ratchet reproduce production --ancestors     every version that it comes from, too
Exit codes: 0 the same bits came out, 1 others did, or it cannot be rebuilt (it says why), 2 used wrongly.`;

/** `ratchet reproduce`: a version is trained again from its lineage, and hashes are compared. */
export const reproduceCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('reproduce')
    .description('train a version again in a clean folder from its data, configuration, seed and parent, and compare the hashes')
    .argument('<version>', 'v7, its whole name, production or previous')
    .option('--instrument <id>', 'which one, where there are several')
    .option('--bucket <name>', 'horizon class', 'default')
    .option('--ancestors', 'rebuild every version that it comes from first')
    .option('--json', 'the findings as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (version: string, options: ReproduceOptions) => {
      const { reproduce } = await import('../models/reproduce.js'); // not for --help
      const isSame = await reproduce(version, options, environment, terminal);
      end(isSame ? exitCodes.done : exitCodes.failed);
    });
