import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { ValidateOptions } from '../validate/validate.js';

const EXAMPLES = `
Examples:
  ratchet validate --instrument MNQ                    train on the past, judge on what came next, five times
  ratchet validate --instrument MNQ --method cpcv      every two of six groups of sessions, trained on the others
  ratchet validate --bucket Short --save short.html    the training of a bucket, and its report as a page
It goes on when this command is interrupted; the same command shows it again. How many splits and trials: evaluation.validation.
Exit codes: 0 concluded, 1 failed or Ratchet does not run, 2 used wrongly.`;

/** `ratchet validate`: whether training as it is configured finds something, on sessions that the gate does not need. */
export const validateCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('validate')
    .description('train and judge on many splits of the past: how Sharpe ratios are spread, and how likely the best one is luck')
    .option('--instrument <id>', 'which one, where there are several')
    .option('--bucket <name>', 'horizon class', 'default')
    .option('--method <name>', 'walk-forward or cpcv (combinatorial purged cross-validation)', 'walk-forward')
    .option('--save <file>', 'write the page of the report to a file')
    .option('--json', 'the whole report as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ValidateOptions) => {
      const { validate } = await import('../validate/validate.js'); // not for --help
      await validate(options, environment, terminal);
      end(exitCodes.done);
    });
