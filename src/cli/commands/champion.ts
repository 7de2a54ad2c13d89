import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { ChampionOptions } from '../models/show-champion.js';

const EXAMPLES = `
Examples:
  ratchet champion                                          what is live now
  ratchet champion --instrument MNQ --at 2026-11-21T10:15:00Z   what was live then
Exit codes: 0 answered (also when nothing was live), 1 Ratchet does not run, 2 used wrongly.`;

/** `ratchet champion`: the version that is live, or was at a time, or every change of it. */
export const championCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('champion')
    .description('show which version is live, was live at a time, or every change of it')
    .option('--instrument <id>', 'only this one')
    .option('--bucket <name>', 'horizon class', 'default')
    .option('--at <time>', 'a moment with its time zone, or a day')
    .option('--history', 'every promotion, baseline and rollback, oldest first')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ChampionOptions) => {
      const { showChampion } = await import('../models/show-champion.js'); // not for --help
      await showChampion(options, environment, terminal);
      end(exitCodes.done);
    });
