import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { LearnOptions } from '../learn/learn.js';

const EXAMPLES = `
Examples:
  ratchet learn --mode maintenance                      archive and clean up now, and show what there is
  ratchet learn --mode finetune --instrument MNQ        a fine-tuning set of one instrument's explained trades
  ratchet learn --mode all --json                       all three, for a program
Exit codes: 0 done, also when nothing was due, 1 it failed or Ratchet does not run, 2 used wrongly.`;

/** `ratchet learn`: the parts of continuous learning, now instead of by schedule. */
export const learnCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('learn')
    .description('learn from what was traded, now instead of by schedule')
    .requiredOption(
      '--mode <mode>',
      'maintenance (save, clean, show the counts), retrain (if enough is new), finetune (write a fine-tuning set if enough is explained) or all',
    )
    .option('--instrument <id>', 'only this one')
    .option('--json', 'what was done as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: LearnOptions) => {
      const { learn } = await import('../learn/learn.js'); // not for --help
      await learn(options, environment, terminal);
      end(exitCodes.done);
    });
