import { Command } from 'commander';
import type { DriftOptions } from '../drift/show-drift.js';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';

const EXAMPLES = `
Examples:
  ratchet drift --instrument MNQ
  ratchet drift --instrument MNQ --bucket Short --json
Exit codes: 0 answered, 1 Ratchet does not run or refuses, 2 used wrongly.`;

/** `ratchet drift`: whether the market, or what production makes of it, is still what it was. */
export const driftCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('drift')
    .description('show the newest look for drift: every feature by every measure, and what production does session by session')
    .option('--instrument <id>', 'only this one')
    .option('--bucket <name>', 'production of this bucket (default)')
    .option('--json', 'everything as JSON, with the looks before it')
    .addHelpText('after', EXAMPLES)
    .action(async (options: DriftOptions) => {
      const { showDrift } = await import('../drift/show-drift.js'); // not for --help
      await showDrift(options, environment, terminal);
      end(exitCodes.done);
    });
