import { Command } from 'commander';
import { readEnvironment } from '../../config/environment.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { ModelsOptions } from '../models/list-models.js';
import { streamTerminal } from '../terminal/terminal.js';

const EXAMPLES = `
Example:
  ratchet models --list --instrument MNQ
Exit codes: 0 answered, 1 Ratchet does not run or knows no such instrument, 2 used wrongly.`;

/** `ratchet models`: the registered versions. */
export const modelsCommand = (end: (code: ExitCode) => void): Command =>
  new Command('models')
    .description('show the registered versions: what they showed, what they learned from, and which is live')
    .option('--list', 'all of them, newest first (what it does without any option, too)')
    .option('--instrument <id>', 'only those of this one')
    .option('--limit <count>', 'at most so many of each instrument (50)')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ModelsOptions) => {
      const { listModels } = await import('../models/list-models.js'); // not for --help
      const environment = readEnvironment();
      await listModels(options, environment, streamTerminal(process.stdout, environment));
      end(exitCodes.done);
    });
