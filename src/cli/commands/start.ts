import { Command, InvalidArgumentError } from 'commander';
import type { Invocation } from '../invocation.js';
import type { StartOptions } from '../start/settings.js';
import { untilStopped } from '../until-stopped.js';
import { version } from '../version.js';

const EXAMPLES = `
Examples:
  ratchet start --once                                  a first look at a simulated market
  ratchet start --preset first-run,aggressive           the same, learning from fewer experiences
  ratchet start --data "C:\\exports" --instrument MNQ     your own exports, from now on
Exit codes: 0 done (with --once: promoted), 1 failed, 2 used wrongly, 3 not promoted.`;

/** `ratchet start`: everything that is needed comes up, and every new export is learned from. */
export const startCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('start')
    .description('bring everything up, train on every new export, judge, and serve')
    .option('--data <path>', 'folder of exports, or one file; without it a simulated market is traded')
    .option('--instrument <id>', 'whose exports these are')
    .option('--symbols <ids...>', 'the same for several')
    .option('--preset <name>', 'files of configs/presets, separated by commas, later ones winning (first-run, when there is no --config)')
    .option('--config <file>', 'your own settings, over those of the preset')
    .option('--update-interval <minutes>', 'look for new data at least this often (5)', numberOf)
    .option(
      '--retrain-interval <hours>',
      'train this often by schedule, and no sooner after another training unless new data asks (24)',
      numberOf,
    )
    .option('--performance-threshold <fraction>', 'train anew when production returned less, net, over the last days (-0.1)', numberOf)
    .option('--once', 'end after the first decision of the gate')
    .option('--demo', 'trade the simulated market even where the configuration names data')
    .option('--ephemeral', 'accept a Temporal server that forgets everything at its end')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(async (options: StartOptions) => {
      const { createJsonReporter, createTextReporter, runStart } = await import('../start/start.js'); // not for --help
      const reporter = options.json === true ? createJsonReporter(terminal) : createTextReporter(terminal);
      end(await untilStopped((stop) => runStart(options, { environment, reporter, version, stop })));
    });

const numberOf = (written: string): number => {
  const value = Number(written);
  if (written.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
};
