import { Command } from 'commander';
import { exitCodes, UsedWrongly } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { BestOptions } from '../models/best-model.js';
import type { Person } from '../models/change-live.js';

const EXAMPLES = `
Examples:
  ratchet models --list --instrument MNQ
  ratchet models --best --metric profit_factor
  ratchet models --pin v7 --instrument MNQ --reason "the model of the quiet winter"
  ratchet models --activate v7 --by "Ada" --reason "the gate has too few bars, the desk has seen enough"
Exit codes: 0 answered, 1 Ratchet does not run, knows no such instrument or refuses, 2 used wrongly.`;

/** `ratchet models`: the registered versions. */
export const modelsCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('models')
    .description(
      'show the registered versions: what they showed, what they learned from, and which is live; pin one, or put one into production',
    )
    .option('--list', 'all of them, newest first (what it does without any option, too)')
    .option('--instrument <id>', 'only those of this one')
    .option('--best', 'only that of each instrument which was measured best')
    .option('--metric <name>', 'by sharpe (what it is unless given), total_return, win_rate, profit_factor or max_drawdown')
    .option('--activate [version]', 'put this one, or the best, into production whatever the gate said; recorded with who and why')
    .option('--pin <version>', 'keep the model of this one whatever `retention` says, until it is unpinned')
    .option('--unpin <version>', 'let `retention` have it again')
    .option('--bucket <name>', 'horizon class', 'default')
    .option('--by <name>', 'who decides it; a pin is recorded under the name of the API token')
    .option('--reason <text>', 'why')
    .option('--limit <count>', 'at most so many of each instrument (50)')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ best, activate, pin, unpin, by, reason, ...options }: Asked) => {
      if ([activate, pin, unpin].filter((version) => version !== undefined).length > 1)
        throw new UsedWrongly('--activate, --pin and --unpin were given together: expected one of them');
      const { nameOfBest, showBest } = await import('../models/best-model.js'); // not for --help
      const pinned = pin ?? unpin;
      if (pinned !== undefined) {
        if (reason === undefined) throw new UsedWrongly('--pin and --unpin are recorded: say why with --reason');
        const { pinVersion } = await import('../models/pin-version.js');
        await pinVersion(pin === undefined ? 'unpin' : 'pin', pinned, { ...options, reason }, environment, terminal);
      } else if (activate === undefined) {
        const { listModels } = await import('../models/list-models.js');
        await (best === true ? showBest(options, environment, terminal) : listModels(options, environment, terminal));
      } else {
        if (by === undefined || reason === undefined)
          throw new UsedWrongly(
            '--activate puts a version live whatever the gate said: say who decides it with --by, and why with --reason',
          );
        if ((activate === true) !== (best === true))
          throw new UsedWrongly('--activate takes the name of a version, or else goes with --best');
        const { activateVersion } = await import('../models/activate-version.js');
        const version = activate === true ? await nameOfBest(options, environment) : activate;
        await activateVersion(version, { ...options, by, reason }, environment, terminal);
      }
      end(exitCodes.done);
    });

interface Asked extends BestOptions, Partial<Person> {
  readonly best?: boolean;
  readonly activate?: string | true;
  readonly pin?: string;
  readonly unpin?: string;
  readonly bucket: string;
}
