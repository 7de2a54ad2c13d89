import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { TransfersOptions } from '../transfers/list-transfers.js';
import type { TransferOptions } from '../transfers/request-transfer.js';

const EXAMPLES = `
Examples:
  ratchet transfers --instrument MNQ
  ratchet transfer --from Short --to Medium --kinds weights,horizons
  ratchet transfer --from Long@v3 --to Short --kinds distillation
Exit codes: 0 answered, 1 refused or Ratchet does not run, 2 used wrongly.`;

/** `ratchet transfers`: what was handed on between buckets, and what that did. */
export const transfersCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('transfers')
    .description('show what buckets handed on to each other: kinds, sizes, and the measured effect against trainings without it')
    .option('--instrument <id>', 'only those of this one')
    .option('--limit <count>', 'at most so many of each instrument (50)')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: TransfersOptions) => {
      const { listTransfers } = await import('../transfers/list-transfers.js'); // not for --help
      await listTransfers(options, environment, terminal);
      end(exitCodes.done);
    });

/** `ratchet transfer`: asks for one. */
export const transferCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('transfer')
    .description('hand on what one bucket knows to the training of another; refused, with the reason, while that one is being trained')
    .requiredOption('--from <bucket>', 'who hands on: a bucket, by its production, or a version of it as Short@v3')
    .requiredOption('--to <bucket>', 'who is trained with it')
    .option('--kinds <list>', 'of weights, featureImportance, horizons, distillation; as configured unless given')
    .option('--force', 'blend weights also into a production that was trained independently')
    .option('--instrument <id>', 'which one, where there are several')
    .option('--json', 'the outcome as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: TransferOptions) => {
      const { requestTransfer } = await import('../transfers/request-transfer.js'); // not for --help
      await requestTransfer(options, environment, terminal);
      end(exitCodes.done);
    });
