import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import type { Invocation } from '../invocation.js';
import type { ExportOptions } from '../export/export-model.js';

const EXAMPLES = `
Examples:
  ratchet export --output model.onnx                       what is live, for ONNX Runtime
  ratchet export --version v7 --output model.pt            for torch.load, with model.py beside it
Exit codes: 0 written and equal to the live model, 1 Ratchet does not run or has no such version, 2 used wrongly.`;

/** `ratchet export`: a version as a file for other programs. */
export const exportCommand = ({ environment, terminal, end }: Invocation): Command =>
  new Command('export')
    .description('write a version as a file for other programs, checked against the live model')
    .requiredOption('--output <file>', 'where to; its ending says the format')
    .option('--format <name>', 'onnx, safetensors or pt; by default as the file ends, else pt')
    .option('--version <version>', 'which one; what is in production unless given')
    .option('--instrument <id>', 'whose, where there are several')
    .option('--bucket <name>', 'of which bucket', 'default')
    .option('--json', 'what was written as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ExportOptions) => {
      const { exportModel } = await import('../export/export-model.js'); // not for --help
      await exportModel(options, environment, terminal);
      end(exitCodes.done);
    });
