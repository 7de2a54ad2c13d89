import { Command } from 'commander';
import { exitCodes } from '../../exit-codes.js';
import type { Invocation } from '../../invocation.js';
import type { ExportOptions, ImportOptions, ViewOptions } from '../../experiences/options.js';

const EXAMPLES = `
Examples:
  ratchet experiences --instrument MNQ --high-value 5
  ratchet experiences import experience_buffer_20250115.json --instrument MNQ --time-zone America/New_York
  ratchet experiences import "NinjaTrader Grid.csv" --time-zone America/New_York --culture en-US
  ratchet experiences export --instrument MNQ --day 2025-01-15
Exit codes: 0 done, 1 refused (it says which lines) or Ratchet does not run, 2 used wrongly.`;

/** `ratchet experiences`: traded decisions counted, shown, taken in and written out by day. */
export const experiencesCommand = ({ environment, terminal, end }: Invocation): Command => {
  const importing = new Command('import')
    .description(
      'take in a day file (NDJSON, or a JSON list) or a grid of trades or executions of NinjaTrader 8 (.csv); repeating it does no harm',
    )
    .argument('<file>', 'experience_buffer_YYYYMMDD.jsonl or .json, or an exported grid')
    .option('--instrument <id>', 'of records that do not name theirs')
    .option('--time-zone <name>', 'of stamps without a zone, such as America/New_York')
    .option('--culture <tag>', 'by which the computer that exported a grid writes numbers and dates, such as de-DE (en-US)')
    .option('--state-length <count>', 'numbers in a state vector that names no schema (experiences.state_length)')
    .action(async (file: string, options: ImportOptions) => {
      const { importExperiences } = await import('../../experiences/import-experiences.js'); // not for --help
      end((await importExperiences(file, options, environment, terminal)) ? exitCodes.done : exitCodes.failed);
    });
  const exporting = new Command('export')
    .description('write a day, or each that there is, archived or not, as NDJSON')
    .requiredOption('--instrument <id>', 'whose')
    .option('--day <date>', 'YYYY-MM-DD, UTC; every day unless given')
    .option('--output <path>', 'the file, experience_buffer_YYYYMMDD.jsonl unless given; without --day the folder of these files')
    .action(async (options: ExportOptions) => {
      const { exportExperiences } = await import('../../experiences/export-experiences.js'); // not for --help
      await exportExperiences(options, environment, terminal);
      end(exitCodes.done);
    });
  return new Command('experiences')
    .description('show what was traded and what came of it')
    .enablePositionalOptions() // `import --instrument ES` is the subcommand's own
    .option('--instrument <id>', 'only this one')
    .option('--stats', 'how many there are (what it does without any option, too)')
    .option('--high-value <count>', 'the trades with the best outcomes')
    .option('--failed <count>', 'the trades that lost, worst first')
    .option('--json', 'everything as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ViewOptions) => {
      const { showExperiences } = await import('../../experiences/show-experiences.js'); // not for --help
      await showExperiences(options, environment, terminal);
      end(exitCodes.done);
    })
    .addCommand(importing)
    .addCommand(exporting);
};
